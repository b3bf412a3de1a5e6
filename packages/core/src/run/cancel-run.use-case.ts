import type { EventBus } from '../event/event-bus.js';
import type { Clock } from '../platform/clock.port.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { runFinished } from './run.errors.js';
import { isFinished } from './run.js';
import type { Run, RunId } from './run.js';
import { visibleRun } from './visible-run.js';

/**
 * Cancels a run at once. Its jobs are parked as workers come to them; those at work find out when they save, and within a third of
 * their lease. Child runs go on. Cancelling a cancelled run changes nothing. Throws `RUN_NOT_FOUND`, `RUN_FINISHED`.
 */
export class CancelRun {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'runs' | 'installations'>;
      readonly platform: { readonly clock: Clock };
      readonly events: EventBus;
    },
  ) {}

  async execute(context: Context, input: { readonly runId: RunId }): Promise<Run> {
    requireScope(context, 'runs:write');
    const { persistence, platform, events } = this.parts;
    return retryConflicts(async () => {
      const run = await visibleRun(persistence, context, input.runId);
      if (run.state === 'cancelled') return run;
      if (isFinished(run.state)) throw runFinished(run);
      const at = platform.clock.now();
      const change = { state: 'cancelled', finishedAt: at, updatedAt: at } as const;
      const cancelled = await persistence.runs.update({ ...run, ...change });
      const { id: runId, installationId, tenantId, state } = cancelled;
      events.publish(tenantId, 'run.finished', { runId, installationId, state });
      return cancelled;
    });
  }
}
