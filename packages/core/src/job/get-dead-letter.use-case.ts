import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { DeadLetter, DeadLetterId } from './dead-letter.js';
import { visibleDeadLetter } from './visible-dead-letter.js';

/** Answers one dead letter with its message. Throws `DEAD_LETTER_NOT_FOUND`. */
export class GetDeadLetter {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'deadLetters' | 'installations'>;
    },
  ) {}

  async execute(
    context: Context,
    input: { readonly deadLetterId: DeadLetterId },
  ): Promise<DeadLetter> {
    requireScope(context, 'runs:read');
    return visibleDeadLetter(this.parts.persistence, context, input.deadLetterId);
  }
}
