import type { Integration } from '@tenon/core';

/** The queue of jobs that name none. */
export const DEFAULT_QUEUE = 'default';

/** Logical names of the queues that integrations use, the default one first. */
export function queuesOf(integrations: readonly Integration[]): readonly string[] {
  const names = integrations.flatMap(({ jobs }) =>
    Object.values(jobs ?? {}).map((job) => job.queue ?? DEFAULT_QUEUE),
  );
  return [...new Set([DEFAULT_QUEUE, ...names])];
}
