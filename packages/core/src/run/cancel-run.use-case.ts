import type { EventBus } from '../event/event-bus.js';
import type { Clock } from '../platform/clock.port.js';
import { NotFoundError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Persistence, Repositories } from '../platform/persistence.port.js';
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
      readonly persistence: Pick<Persistence, 'runs' | 'installations' | 'transaction'>;
      readonly platform: { readonly clock: Clock };
      readonly events: EventBus;
    },
  ) {}

  async execute(context: Context, input: { readonly runId: RunId }): Promise<Run> {
    requireScope(context, 'runs:write');
    const { persistence, events } = this.parts;
    const seen = await visibleRun(persistence, context, input.runId);
    if (seen.state === 'cancelled') return seen;
    const { run, cancelled } = await retryConflicts(() =>
      persistence.transaction((repositories) => this.#cancel(repositories, seen)),
    );
    if (!cancelled) return run;
    const { id: runId, installationId, tenantId, state } = run;
    events.publish(tenantId, 'run.finished', { runId, installationId, state });
    return run;
  }

  async #cancel(
    { runs }: Pick<Repositories, 'runs'>,
    { tenantId, id }: Run,
  ): Promise<{ readonly run: Run; readonly cancelled: boolean }> {
    const at = this.parts.platform.clock.now();
    const before = await runs.find(tenantId, id);
    // An advance by nothing holds the row until the commit: the jobs of a busy run would change it before every update.
    const run =
      before && !isFinished(before.state) ? await runs.advance(tenantId, id, { at }) : before;
    if (!before || !run) throw new NotFoundError('run', id);
    if (run.state === 'cancelled') return { run, cancelled: false };
    if (isFinished(run.state)) throw runFinished(run);
    // Nobody began a run that was queued until now; the advance says so all the same.
    const begun = before.startedAt !== null || run.startedAt?.getTime() !== at.getTime();
    const startedAt = begun ? run.startedAt : null;
    const change = { state: 'cancelled', startedAt, finishedAt: at, updatedAt: at } as const;
    return { run: await runs.update({ ...run, ...change }), cancelled: true };
  }
}
