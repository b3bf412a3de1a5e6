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
  /** Packages that stay outside the bundle. Default: the optional peers that such an app does not install. */
  readonly external?: readonly string[];
  /** As in `lambdaBundleOptions`. */
  readonly slim?: boolean;
}

/** What a cold start costs. */
export interface ColdStart {
  /**
   * Median of the milliseconds from spawn to exit over those of an empty process: importing the handler's module **and** its
   * first invocation, which wires the app and answers.
   */
  readonly overEmptyMs: number;
  /** The fastest of all over the fastest empty process: what is left when the machine does nothing else. */
  readonly fastestOverEmptyMs: number;
  /** Median of the processor time of the same, all threads: other processes on the machine hardly change it. */
  readonly processorOverEmptyMs: number;
  /** Median of importing the handler's module alone. */
  readonly importMs: number;
  /** Median of the first invocation alone, from the event to the answer. */
  readonly firstMs: number;
  /** Bytes of the bundle without what belongs to the clients of the database and of AWS. */
  readonly ownBytes: number;
}

/** Whatever only the database client or the AWS SDK brings along. */
const CLIENTS =
  /node_modules\/(@prisma|pg|pg-[^/]+|pgpass|postgres-[^/]+|split2|xtend|@aws-sdk|@aws|@smithy|bowser)\/|persistence-postgresql\/dist\/generated\//;

/** Optional peers that an app on PostgreSQL with keys of its own does not install; here they are there for others. */
const NOT_INSTALLED = [
  ...['@tenon/persistence-mongodb', '@tenon/encryption-kms', 'serverless-http'],
  ...['@tenon/sockets-api-gateway', '@tenon/scheduler-eventbridge'],
];

async function bundle(target: ColdFunction, folder: string): Promise<number> {
  const { entry, slim = true } = target;
  const options = lambdaBundleOptions({ entryPoints: { index: entry }, outdir: folder, slim });
  const external = [...(target.external ?? NOT_INSTALLED)];
  const { metafile } = await build({ ...options, external, metafile: true, logLevel: 'error' });
  return Object.values(metafile.outputs).reduce((sum, { bytes, inputs }) => {
    const clients = Object.entries(inputs).filter(([path]) => CLIENTS.test(path));
    return sum + bytes - clients.reduce((part, [, input]) => part + input.bytesInOutput, 0);
  }, 0);
}

interface Times {
  readonly wallMs: number;
  readonly processorMs: number;
  readonly importMs: number;
  readonly firstMs: number;
}

/** Writes what the process took and leaves at once, whatever is still open. */
const END =
  `const { user, system } = process.cpuUsage();\n` +
  `writeSync(1, JSON.stringify({ processorMs: (user + system) / 1000, importMs: t1 - t0, firstMs: t2 - t1 }));\n` +
  `process.exit(0);\n`;

/** Loads and calls the handler the way the runtime does. */
async function writeRunner(folder: string, event: unknown): Promise<string> {
  const file = join(folder, 'run.mjs');
  const context = '{ awsRequestId: "cold", getRemainingTimeInMillis: () => 30000 }';
  await writeFile(
    file,
    `import { writeSync } from 'node:fs';\n` +
      `const t0 = performance.now();\n` +
      `const { handler } = await import('./index.mjs');\n` +
      `const t1 = performance.now();\n` +
      `const result = await handler(${JSON.stringify(event)}, ${context});\n` +
      `const t2 = performance.now();\n` +
      `if (result?.statusCode >= 500) { console.error(result.body); process.exit(1); }\n` +
      END,
  );
  return file;
}

async function spawned(file: string, env: Readonly<Record<string, string>>): Promise<Times> {
  const start = performance.now();
  const { stdout } = await run(process.execPath, [file], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return { wallMs: performance.now() - start, ...(JSON.parse(stdout) as Omit<Times, 'wallMs'>) };
}

const each = (times: readonly Times[], name: keyof Times): number[] =>
  times.map((time) => time[name]);

function summary(ours: readonly Times[], empty: readonly Times[]): Omit<ColdStart, 'ownBytes'> {
  const walls = [each(ours, 'wallMs'), each(empty, 'wallMs')] as const;
  return {
    overEmptyMs: medianDifference(...walls),
    fastestOverEmptyMs: Math.min(...walls[0]) - Math.min(...walls[1]),
    processorOverEmptyMs: medianDifference(each(ours, 'processorMs'), each(empty, 'processorMs')),
    importMs: median(each(ours, 'importMs')),
    firstMs: median(each(ours, 'firstMs')),
  };
}

/** Bundles the function and starts it in turns with an empty module. */
export async function measureColdStart(target: ColdFunction, rounds = 30): Promise<ColdStart> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-cold-'));
  try {
    const ownBytes = await bundle(target, folder);
    const runner = await writeRunner(folder, target.event);
    const empty = join(await mkdtemp(join(folder, 'empty-')), 'empty.mjs');
    await writeFile(empty, `import { writeSync } from 'node:fs';\nlet t0, t1, t2;\n${END}`);
    const env = { NODE_ENV: 'production', ...target.env };
    const times = { ours: [] as Times[], empty: [] as Times[] };
    for (let round = -2; round < rounds; round += 1) {
      const ours = await spawned(runner, env);
      const none = await spawned(empty, env);
      // The first two only fill the file cache.
      if (round >= 0) {
        times.ours.push(ours);
        times.empty.push(none);
      }
    }
    return { ...summary(times.ours, times.empty), ownBytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
