import { generateKey } from '@tenon/encryption-aes';
import { apiGatewayV2Event, sqsEvent } from '@tenon/testing';
import { fileURLToPath } from 'node:url';
import type { Bench, Row } from '../bench.js';
import { measureColdStart, type ColdFunction, type ColdStart } from '../lambda-cold-start.js';

interface Subject extends ColdFunction {
  readonly name: string;
  readonly maxMs?: number;
  readonly maxKiB?: number;
}

function moduleBeside(name: string): string {
  return fileURLToPath(new URL(`../${name}.js`, import.meta.url));
}

const api = process.env['TENON_BENCH_API_ENTRY'] ?? moduleBeside('lambda-cold-entry');
const worker = process.env['TENON_BENCH_WORKER_ENTRY'] ?? moduleBeside('lambda-cold-worker-entry');

/** Nothing listens there: the first invocations need neither database nor queue. */
const env = {
  DATABASE_URL: 'postgresql://app:password@127.0.0.1:9/app',
  TENON_QUEUE_URLS: 'default=http://127.0.0.1:9/000000000000/default',
  TENON_ENCRYPTION_KEYS: `k1:${generateKey()}`,
  // Lambda sets it.
  AWS_LAMBDA_FUNCTION_NAME: 'benchmark',
  TENON_APP_KEYS: 'back-end=app-key-of-the-benchmark',
};

const subjects: readonly Subject[] = [
  {
    name: 'API, health',
    entry: api,
    env,
    event: apiGatewayV2Event({ path: '/health/live' }),
    maxMs: 60,
    maxKiB: 1024,
  },
  {
    name: 'API, a route that refuses',
    entry: api,
    env,
    event: apiGatewayV2Event({ path: '/api/runs' }),
  },
  { name: 'worker, empty batch', entry: worker, env, event: { Records: [] }, maxMs: 15 },
  {
    name: 'worker, app loaded by a message',
    entry: worker,
    env,
    event: sqsEvent([{ body: { id: 1 } }]),
  },
];

/** Express behind `serverless-http`, bundled as it comes, with nothing but this route. */
const peer: ColdFunction = {
  entry: moduleBeside('lambda-cold-peer-entry'),
  event: apiGatewayV2Event({ path: '/health/live' }),
  external: [],
  slim: false,
};

async function measure(subject: Subject, against?: ColdStart): Promise<readonly Row[]> {
  const cold = await measureColdStart(subject);
  const { maxMs, maxKiB, name } = subject;
  const row = (figure: string, ours: number, max?: number): Row => ({
    figure: `${figure}, ${name}`,
    unit: 'ms',
    ours,
    ...(max !== undefined && { bar: { of: 'ours', max } as const }),
  });
  const median = row('cold start over an empty process, median', cold.overEmptyMs, maxMs);
  return [
    against
      ? {
          ...median,
          peer: { name: 'serverless-http + Express 5, no app', value: against.overEmptyMs },
        }
      : median,
    row('cold start over an empty process, fastest', cold.fastestOverEmptyMs, maxMs),
    row('cold start, processor time over an empty process', cold.processorOverEmptyMs),
    row('of it: importing the handler', cold.importMs),
    row('of it: first request, to its answer', cold.firstMs),
    {
      figure: `bundle without clients of database and AWS, ${name}`,
      unit: 'KiB',
      ours: cold.ownBytes / 1024,
      ...(maxKiB !== undefined && { bar: { of: 'ours', max: maxKiB } as const }),
    },
  ];
}

/**
 * From spawn to the end of the first invocation: importing the handler, wiring the app, answering. What is put off until the
 * first request is therefore in the figure; the two parts are printed beside it.
 */
export const bench: Bench = {
  name: 'cold-start',
  title: 'cold start of the bundled functions of an app',
  bar: 'API ≤ 60 ms and ≤ 1 MB, worker without work ≤ 15 ms, over an empty process',
  async run() {
    const rows: Row[] = [];
    const against = await measureColdStart(peer);
    for (const [index, subject] of subjects.entries()) {
      rows.push(...(await measure(subject, index === 0 ? against : undefined)));
    }
    return rows;
  },
};
