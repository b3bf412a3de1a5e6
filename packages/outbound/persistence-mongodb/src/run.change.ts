import type { RunAdvance } from '@tenon/core';
import { Computed, literal } from './change.js';

const COUNTS = ['processed', 'succeeded', 'failed', 'skipped'] as const;

const whenPresent = (value: unknown, expression: unknown, field: string): object =>
  value === undefined ? {} : { [field]: expression };

/** JSON is kept as text. */
const json = (value: unknown): unknown =>
  literal(value === null || value === undefined ? null : JSON.stringify(value));

/**
 * Applies an advance and settles the state, in one statement on one document. The first stage moves the counts; the second one
 * reads them.
 */
export function advancing(change: RunAdvance): Computed {
  const { progress = {}, checkpoint, result, pendingJobs = 0, deadJobs = 0, error, at } = change;
  const counts: Record<string, unknown> = {};
  for (const field of COUNTS) {
    const step = progress[field] ?? 0;
    if (step !== 0) counts[field] = { $add: [`$${field}`, step] };
  }
  const open = { $in: ['$state', ['queued', 'running']] };
  const over = { $and: [open, { $lte: ['$pendingJobs', 0] }] };
  const ended = { $cond: [{ $gt: ['$deadJobs', 0] }, 'failed', 'succeeded'] };
  const settled = { $cond: [{ $gt: ['$pendingJobs', 0] }, 'running', ended] };
  return new Computed([
    {
      ...counts,
      pendingJobs: { $add: ['$pendingJobs', pendingJobs] },
      deadJobs: { $add: ['$deadJobs', deadJobs] },
      version: { $add: ['$version', 1] },
      updatedAt: literal(at),
      ...whenPresent(progress.total ?? undefined, literal(progress.total), 'total'),
      ...whenPresent(checkpoint, json(checkpoint), 'checkpoint'),
      ...whenPresent(result, json(result), 'result'),
      ...whenPresent(error ?? undefined, { $ifNull: ['$error', json(error)] }, 'error'),
    },
    {
      startedAt: { $cond: [open, { $ifNull: ['$startedAt', literal(at)] }, '$startedAt'] },
      finishedAt: { $cond: [over, literal(at), '$finishedAt'] },
      state: { $cond: [open, settled, '$state'] },
    },
  ]);
}
