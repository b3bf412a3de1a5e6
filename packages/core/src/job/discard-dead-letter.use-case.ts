import { NotFoundError, ValidationError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { announceAdvanced } from '../run/announce-run.js';
import type { Run } from '../run/run.js';
import { webhookDeliveryIdOf } from '../webhook/webhook-job.js';
import type { DeadLetter, DeadLetterId } from './dead-letter.js';
import type { JobParts } from './job-parts.js';
import { jobDiscarded } from './job.errors.js';
import { visibleDeadLetter } from './visible-dead-letter.js';

const MAX_REASON = 500;

/**
 * Gives a dead job up, with a reason. For its run it has failed; a failed run is not resumed by it. Throws `DEAD_LETTER_NOT_FOUND`,
 * `VALIDATION_FAILED` for an empty reason.
 */
export class DiscardDeadLetter {
  constructor(private readonly parts: Pick<JobParts, 'persistence' | 'platform' | 'events'>) {}

  async execute(
    context: Context,
    input: { readonly deadLetterId: DeadLetterId; readonly reason: string },
  ): Promise<void> {
    requireScope(context, 'runs:write');
    const { deadLetterId, reason } = input;
    if (reason.trim() === '' || reason.length > MAX_REASON) {
      const issues = [{ path: 'reason', message: `it has 1 to ${MAX_REASON} characters` }];
      throw new ValidationError('The discarding', issues);
    }
    const { persistence, events } = this.parts;
    const run = await persistence.transaction(async (repositories) => {
      const letter = await visibleDeadLetter(repositories, context, deadLetterId);
      if (!(await repositories.deadLetters.delete(context.tenantId, deadLetterId))) {
        throw new NotFoundError('dead letter', deadLetterId);
      }
      return this.#give(repositories, letter, reason);
    });
    announceAdvanced(events, run, 1);
    context.logger.info('A dead letter was discarded', { deadLetterId, reason });
  }

  async #give(
    repositories: Repositories,
    { message, tenantId, runId, reason: cause }: DeadLetter,
    reason: string,
  ): Promise<Run | null> {
    const at = this.parts.platform.clock.now();
    const error = jobDiscarded(reason);
    const deliveryId = webhookDeliveryIdOf(message);
    if (deliveryId !== null) {
      const dead = { status: 'dead', reason: error.message, at } as const;
      await repositories.webhookDeliveries.settle(tenantId, deliveryId, dead);
    }
    // A failed job is counted as dead already; a parked one was outstanding until now.
    if (runId === null || cause === 'failed') return null;
    return repositories.runs.advance(tenantId, runId, { pendingJobs: -1, deadJobs: 1, error, at });
  }
}
