import { apiGatewayV2Event, sqsEvent } from '@tenon/testing';
import { fileURLToPath } from 'node:url';
import type { Bench, Row } from '../bench.js';
import { measureColdStart, type ColdFunction } from '../lambda-cold-start.js';

interface Subject extends ColdFunction {
  readonly name: string;
  readonly maxMs: number;
  readonly maxKiB?: number;
}

function moduleBeside(name: string): string {
  return fileURLToPath(new URL(`../${name}.js`, import.meta.url));
}

const subjects: readonly Subject[] = [
  {
    name: 'API handler with Express',
    entry: process.env['TENON_BENCH_API_ENTRY'] ?? moduleBeside('lambda-cold-entry'),
    event: apiGatewayV2Event({ method: 'POST', path: '/tenants/42/items', body: { name: 'x' } }),
    maxMs: 60,
    maxKiB: 1024,
  },
  {
    name: 'worker without Express',
    entry: process.env['TENON_BENCH_WORKER_ENTRY'] ?? moduleBeside('lambda-cold-worker-entry'),
    event: sqsEvent([{ body: { id: 1 } }]),
    maxMs: 15,
  },
];

async function measure(subject: Subject): Promise<readonly Row[]> {
  const cold = await measureColdStart(subject);
  return [
    {
      figure: `cold start over an empty process, ${subject.name}`,
      unit: 'ms',
      ours: cold.overEmptyMs,
      bar: { of: 'ours', max: subject.maxMs },
    },
    {
      figure: `bundle, ${subject.name}`,
      unit: 'KiB',
      ours: cold.totalBytes / 1024,
      ...(subject.maxKiB !== undefined && { bar: { of: 'ours', max: subject.maxKiB } as const }),
    },
  ];
}

/** From spawn to the end of the first invocation, and what has to be read for it. */
export const bench: Bench = {
  name: 'cold-start',
  title: 'cold start of bundled functions',
  bar: '≤ 60 ms with Express, ≤ 15 ms without, over an empty process; ≤ 1 MB',
  async run() {
    const rows: Row[] = [];
    for (const subject of subjects) rows.push(...(await measure(subject)));
    return rows;
  },
};
