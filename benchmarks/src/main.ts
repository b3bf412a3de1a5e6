import { parseArguments, run } from './run.js';

await run(parseArguments(process.argv.slice(2)));
