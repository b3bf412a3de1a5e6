import { writeFile } from 'node:fs/promises';
import { HELP, parseDemoOptions, UsageError } from './demo/demo-options.js';
import { runDemo } from './demo/run-demo.js';
import { openStage } from './demo/stage.js';

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => {
      resolve();
    });
    process.once('SIGTERM', () => {
      resolve();
    });
  });
}

async function main(): Promise<number> {
  const options = parseDemoOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  console.log('Starting a CRM, a desk, PostgreSQL, an SQS endpoint and the API on loopback …');
  const stage = await openStage(options.records);
  const stop = interrupted();
  try {
    const result = await Promise.race([runDemo(stage, options), stop.then(() => null)]);
    if (result === null) return 130;
    const { agreed, figures } = result;
    console.log(
      agreed
        ? '\nEvery count agrees with the source.'
        : '\nSome counts do NOT agree with the source.',
    );
    if (options.report !== null) await writeFile(options.report, `${JSON.stringify(figures)}\n`);
    if (options.serve) {
      console.log('Still up. Press Ctrl+C to end.');
      await stop;
    }
    return agreed ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
