import type { Integration, QueueShape } from '@tenon/core';

/** The queue of jobs that name none. */
export const DEFAULT_QUEUE = 'default';

/** Logical names of the queues that integrations use, the default one first. */
export function queuesOf(integrations: readonly Integration[]): readonly string[] {
  const names = integrations.flatMap(({ jobs }) =>
    Object.values(jobs ?? {}).map((job) => job.queue ?? DEFAULT_QUEUE),
  );
  return [...new Set([DEFAULT_QUEUE, ...names])];
}

/** The queues that integrations use, with the time that their jobs may take: the job's own, or `defaultMs`. */
export function queueShapes(
  integrations: readonly Integration[],
  defaultMs: number,
): readonly QueueShape[] {
  const jobs = integrations.flatMap((integration) => Object.values(integration.jobs ?? {}));
  return queuesOf(integrations).map((name) => {
    const times = jobs
      .filter(({ queue = DEFAULT_QUEUE }) => queue === name)
      .map(({ timeoutMs = defaultMs }) => timeoutMs);
    // Webhooks are worked on in the default queue, too.
    return {
      name,
      jobTimeoutMs: Math.max(...(name === DEFAULT_QUEUE ? [defaultMs] : []), ...times),
    };
  });
}
