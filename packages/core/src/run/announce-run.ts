import type { EventBus } from '../event/event-bus.js';
import type { Run } from './run.js';
import { isFinished } from './run.js';

/** Tells that runs were made; after their transaction. */
export function announceStarted(events: EventBus, runs: readonly Run[]): void {
  for (const run of runs) {
    const { id: runId, installationId, job } = run;
    events.publish(run.tenantId, 'run.started', { runId, installationId, job });
  }
}

/**
 * Tells that a run moved; after the transaction. `endedJobs` of the advance that made the answer: only the advance that ended the
 * last job finished the run, so that its end is told once.
 */
export function announceAdvanced(events: EventBus, run: Run | null, endedJobs: number): void {
  if (!run) return;
  const { id: runId, tenantId, installationId, state, progress } = run;
  events.publish(tenantId, 'run.progressed', { runId, installationId, state, progress });
  const last = endedJobs > 0 && run.pendingJobs === 0;
  if (last && isFinished(state) && state !== 'cancelled') {
    events.publish(tenantId, 'run.finished', { runId, installationId, state });
  }
}
