import { NotFoundError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import type { DeadLetterId } from './dead-letter.js';
import { sendCommitted } from './dispatch-jobs.js';
import type { DispatchParts } from './job-parts.js';
import { redriveLetters } from './redrive-jobs.js';
import { visibleDeadLetter } from './visible-dead-letter.js';

/**
 * Runs a dead job again: the same job, with fresh attempts. A failed run is at work again. A job whose cause still holds is parked
 * again. Throws `DEAD_LETTER_NOT_FOUND`, `RUN_CANCELLED` (resume the run instead).
 */
export class RedriveDeadLetter {
  constructor(private readonly parts: DispatchParts) {}

  async execute(context: Context, input: { readonly deadLetterId: DeadLetterId }): Promise<void> {
    requireScope(context, 'runs:write');
    const { persistence } = this.parts;
    const letter = await visibleDeadLetter(persistence, context, input.deadLetterId);
    const jobs = await retryConflicts(() =>
      persistence.transaction(async (repositories) => {
        // Of two that redrive the same one, one finds it.
        if (!(await repositories.deadLetters.delete(context.tenantId, letter.id))) {
          throw new NotFoundError('dead letter', letter.id);
        }
        return redriveLetters(repositories, [letter], this.parts);
      }),
    );
    await sendCommitted(this.parts, jobs, context.logger);
  }
}
