import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { DeadLetter, DeadLetterId } from './dead-letter.js';

/** @throws NotFoundError `DEAD_LETTER_NOT_FOUND`, the same for those that are not there and those of others. */
export async function visibleDeadLetter(
  repositories: Pick<Repositories, 'deadLetters' | 'installations'>,
  context: Context,
  id: DeadLetterId,
): Promise<DeadLetter> {
  const { tenantId } = context;
  const letter = await repositories.deadLetters.find(tenantId, id);
  if (letter && context.visibility === 'tenant') return letter;
  const installation =
    letter && (await repositories.installations.find(tenantId, letter.installationId));
  if (letter && installation && mayAccess(context, installation.userId)) return letter;
  throw new NotFoundError('dead letter', id);
}
