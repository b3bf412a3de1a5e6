import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a process of the benchmark is told. */
export interface MoveOrder {
  readonly kind: 'export' | 'import';
  /** By hand, with the driver alone. */
  readonly raw: boolean;
  readonly databaseUrl: string;
  readonly file: string;
  /** Of the database. */
  readonly key: string;
  readonly tenantId: string;
}

/** What it answers. */
export interface MoveReport {
  readonly rows: number;
  readonly elapsedMs: number;
  /** Processor time of the process. */
  readonly cpuMs: number;
  readonly peakBytes: number;
}

const run = promisify(execFile);
const ENTRY = fileURLToPath(new URL('./data-move-entry.js', import.meta.url));

/** Moves in a process of its own, so that its peak of memory is its own, too. */
export async function move(order: MoveOrder): Promise<MoveReport> {
  const { stdout } = await run(process.execPath, [ENTRY, JSON.stringify(order)]);
  return JSON.parse(stdout) as MoveReport;
}
