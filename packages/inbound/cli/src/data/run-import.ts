import type { ImportProgress } from '@tenon/core';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { Io } from '../io.js';
import { writeDetails } from '../operate/details.js';
import { interruptible } from './interruptible.js';
import { ProgressLines } from './progress.js';

/** Reads an import to its end and tells what became of it. */
export async function runImport(
  io: Io,
  json: boolean,
  begin: (signal: AbortSignal) => {
    readonly steps: AsyncIterable<ImportProgress>;
    readonly portion: () => number | null;
  },
): Promise<ExitCode> {
  const progress = new ProgressLines(io);
  const last = await interruptible(io, async (signal) => {
    const { steps, portion } = begin(signal);
    let step: ImportProgress | null = null;
    for await (step of steps) {
      progress.tell({ entity: step.entity, rows: step.rows, portion: portion() });
    }
    return step;
  });
  progress.end();
  if (last === null) {
    io.stderr.write(
      'Stopped; the tenant stays suspended, and the same command goes on from here\n',
    );
    return exitCodes.failed;
  }
  const { tenantId, rows, inserted, equal, different } = last;
  writeDetails(io, { tenantId, rows, inserted, equal, different }, json);
  return exitCodes.ok;
}
