import { lambdaBundleOptions } from '@tenon/lambda';
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { medianDifference, median } from './interleave.js';

const run = promisify(execFile);

/** A function to start cold. */
export interface ColdFunction {
  /** Module that exports `handler`, TypeScript or JavaScript. */
  readonly entry: string;
  /** Sent as the first invocation. */
  readonly event: unknown;
  /** Environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Packages that stay outside the bundle. */
  readonly external?: readonly string[];
}

/** What a cold start costs. */
export interface ColdStart {
  /** Median of the milliseconds from spawn to exit over those of an empty process: loading and the first invocation. */
  readonly overEmptyMs: number;
  /** The fastest of all over the fastest empty process: what is left when the machine does nothing else. */
  readonly fastestOverEmptyMs: number;
  readonly emptyMs: number;
  /** Bytes of the bundle without what belongs to the clients of the database and of AWS. */
  readonly ownBytes: number;
}

/** Whatever only the database client or the AWS SDK brings along. */
const CLIENTS =
  /node_modules\/(@prisma|pg|pg-[^/]+|pgpass|postgres-[^/]+|split2|xtend|@aws-sdk|@aws|@smithy|bowser)\/|persistence-postgresql\/dist\/generated\//;

async function bundle(target: ColdFunction, folder: string): Promise<number> {
  const options = lambdaBundleOptions({ entryPoints: { index: target.entry }, outdir: folder });
  const external = [...(target.external ?? [])];
  const { metafile } = await build({ ...options, external, metafile: true, logLevel: 'error' });
  return Object.values(metafile.outputs).reduce((sum, { bytes, inputs }) => {
    const clients = Object.entries(inputs).filter(([path]) => CLIENTS.test(path));
    return sum + bytes - clients.reduce((part, [, input]) => part + input.bytesInOutput, 0);
  }, 0);
}

/** Loads and calls the handler the way the runtime does; leaves at once, whatever is still open. */
async function writeRunner(folder: string, event: unknown): Promise<string> {
  const file = join(folder, 'run.mjs');
  const context = '{ awsRequestId: "cold", getRemainingTimeInMillis: () => 30000 }';
  await writeFile(
    file,
    `import { handler } from './index.mjs';\n` +
      `const result = await handler(${JSON.stringify(event)}, ${context});\n` +
      `if (result?.statusCode >= 500) { console.error(result.body); process.exit(1); }\n` +
      `process.exit(0);\n`,
  );
  return file;
}

async function spawnMs(file: string, env: Readonly<Record<string, string>>): Promise<number> {
  const start = performance.now();
  await run(process.execPath, [file], { env: { PATH: process.env['PATH'], ...env } });
  return performance.now() - start;
}

/** Bundles the function and starts it in turns with an empty module. */
export async function measureColdStart(target: ColdFunction, rounds = 20): Promise<ColdStart> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-cold-'));
  try {
    const ownBytes = await bundle(target, folder);
    const runner = await writeRunner(folder, target.event);
    const empty = join(await mkdtemp(join(folder, 'empty-')), 'empty.mjs');
    await writeFile(empty, 'process.exit(0);\n');
    const env = { NODE_ENV: 'production', ...target.env };
    const times = { ours: [] as number[], empty: [] as number[] };
    for (let round = -2; round < rounds; round += 1) {
      const ours = await spawnMs(runner, env);
      const none = await spawnMs(empty, env);
      // The first two only fill the file cache.
      if (round >= 0) {
        times.ours.push(ours);
        times.empty.push(none);
      }
    }
    return {
      overEmptyMs: medianDifference(times.ours, times.empty),
      fastestOverEmptyMs: Math.min(...times.ours) - Math.min(...times.empty),
      emptyMs: median(times.empty),
      ownBytes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
