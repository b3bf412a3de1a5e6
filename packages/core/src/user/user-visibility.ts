import type { Context } from '../platform/context.js';
import type { User } from './user.js';

/** What a user sees: individuals what is theirs, organisation users the whole tenant. */
export function visibilityOf(kind: User['kind']): Context['visibility'] {
  return kind === 'organization' ? 'tenant' : 'own';
}
