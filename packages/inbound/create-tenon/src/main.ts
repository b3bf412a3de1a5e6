import { processIo } from '@tenon/cli';
import { createTenon } from './create-tenon.js';

const exitCode = await createTenon(process.argv.slice(2), processIo());
// Pipes are written asynchronously on Windows: leave when the last text is out.
process.stdout.write('', () => process.exit(exitCode));
