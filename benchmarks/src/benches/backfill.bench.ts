import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Row } from '../bench.js';

interface Figures {
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord: number;
  readonly peakMemoryBytes: number;
}

const run = promisify(execFile);
const DEMO = fileURLToPath(new URL('../../../examples/crm-to-desk/dist/main.js', import.meta.url));
const SMALL = 10_000;
const LARGE = Number(process.env['TENON_BENCH_BACKFILL_RECORDS'] ?? 1_000_000);
const TIMEOUT_MS = 20 * 60 * 1000;

/** Runs the first backfill of the demo, with all its processes, and reads the figures that it leaves. */
async function backfill(records: number): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), 'tenon-backfill-'));
  const report = join(directory, 'figures.json');
  const args = [
    DEMO,
    '--records',
    String(records),
    '--page-size',
    '1000',
    '--backfill-only',
    '--report',
    report,
  ];
  try {
    await run(process.execPath, args, { timeout: TIMEOUT_MS, maxBuffer: 64 * 1_048_576 });
    return JSON.parse(await readFile(report, 'utf8')) as Figures;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const megabytes = (bytes: number): number => bytes / 1_048_576;

/** Compares the large backfill with the small one: what a record costs must not grow, nor what the worker holds. */
async function rows(): Promise<readonly Row[]> {
  const small = await backfill(SMALL);
  const large = await backfill(LARGE);
  const name = `${SMALL.toLocaleString('en-US')} records`;
  return [
    {
      figure: `records/s at ${LARGE.toLocaleString('en-US')}`,
      unit: '/s',
      ours: large.recordsPerSecond,
      peer: { name, value: small.recordsPerSecond },
    },
    {
      figure: 'processor time of the worker per record',
      unit: 'µs',
      ours: large.cpuMicrosPerRecord,
      peer: { name, value: small.cpuMicrosPerRecord },
      bar: { of: 'ratio', max: 1.1 },
    },
    {
      figure: 'peak memory of the worker',
      unit: 'MB',
      ours: megabytes(large.peakMemoryBytes),
      peer: { name, value: megabytes(small.peakMemoryBytes) },
      bar: { of: 'ratio', max: 1.5 },
    },
  ];
}

export const bench: Bench = {
  name: 'backfill',
  title: 'Backfill of the demo',
  bar: 'cost per record ≤ 1.1× and flat memory from 10,000 to 1,000,000 records',
  run: rows,
};
