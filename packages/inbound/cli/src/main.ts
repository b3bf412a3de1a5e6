import { runCli } from './cli.js';
import { processIo } from './process-io.js';

// Stack traces name the lines of the app's own sources, not of its bundle.
process.setSourceMapsEnabled(true);
const exitCode = await runCli(process.argv.slice(2), processIo());
// Pipes are written asynchronously on Windows: leave when the last text is out.
process.stdout.write('', () => process.exit(exitCode));
