import { NotFoundError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { announceAdvanced } from '../run/announce-run.js';
import type { DeadLetterId } from './dead-letter.js';
import { checkDiscardReason, giveUpJob } from './give-up-job.js';
import type { JobParts } from './job-parts.js';
import { visibleDeadLetter } from './visible-dead-letter.js';

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
    checkDiscardReason(reason);
    const { persistence, events, platform } = this.parts;
    const run = await persistence.transaction(async (repositories) => {
      const letter = await visibleDeadLetter(repositories, context, deadLetterId);
      if (!(await repositories.deadLetters.delete(context.tenantId, deadLetterId))) {
        throw new NotFoundError('dead letter', deadLetterId);
      }
      // A failed job is counted as dead already; a parked one was outstanding until now.
      const outstanding = letter.reason !== 'failed';
      return giveUpJob(repositories, letter.message, {
        ...{ reason, outstanding, clock: platform.clock },
      });
    });
    announceAdvanced(events, run, 1);
    context.logger.info('A dead letter was discarded', { deadLetterId, reason });
  }
}
