import { TenonError } from '../platform/tenon.error.js';

/** `MEMBERSHIP_EXISTS`: the user is in the organisation already. */
export function membershipExists(organizationId: string, userId: string): TenonError {
  return new TenonError({
    code: 'MEMBERSHIP_EXISTS',
    category: 'conflict',
    message: `The user '${userId}' is a member of '${organizationId}' already; change the role instead`,
    details: { organizationId, userId },
  });
}

/** `LAST_OWNER`: an organisation that has owners keeps one. */
export function lastOwner(organizationId: string, userId: string): TenonError {
  return new TenonError({
    code: 'LAST_OWNER',
    category: 'conflict',
    message: `The user '${userId}' is the last owner of '${organizationId}'; make somebody else an owner first`,
    details: { organizationId, userId },
  });
}
