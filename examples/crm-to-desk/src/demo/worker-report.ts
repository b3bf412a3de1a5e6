import type { EventBus } from '@tenon/core';

/** What a worker tells its parent, summed since it started. */
export interface WorkerReport {
  readonly type: 'report';
  readonly rateLimitWaits: number;
  readonly rateLimitWaitMs: number;
  readonly retries: number;
  readonly refreshes: number;
  readonly peakMemoryBytes: number;
  /** Time of the processor since the start, in microseconds. */
  readonly cpuMicros: number;
}

const EVERY_MS = 200;

/** Counts the app's events and sends the sums to the parent process, until told to stop. */
export function startReporting(events: EventBus): () => void {
  const sums = {
    rateLimitWaits: 0,
    rateLimitWaitMs: 0,
    retries: 0,
    refreshes: 0,
    peakMemoryBytes: 0,
  };
  const unsubscribe = [
    events.subscribe('http.retried', ({ data }) => {
      if (data.cause === 'rate_limit') {
        sums.rateLimitWaits += 1;
        sums.rateLimitWaitMs += data.waitMs;
      } else sums.retries += 1;
    }),
    events.subscribe('credential.refreshed', () => {
      sums.refreshes += 1;
    }),
  ];
  const timer = setInterval(() => {
    sums.peakMemoryBytes = Math.max(sums.peakMemoryBytes, process.memoryUsage.rss());
    const { user, system } = process.cpuUsage();
    process.send?.({ type: 'report', ...sums, cpuMicros: user + system } satisfies WorkerReport);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const each of unsubscribe) each();
  };
}
