import { UnauthenticatedError } from '../platform/common.errors.js';
import { TenonError } from '../platform/tenon.error.js';

/** `LOGIN_FAILED`: one error for every reason, so that it tells nobody which users exist. */
export function loginFailed(): UnauthenticatedError {
  return new UnauthenticatedError(
    'Tenant, user name and password do not fit together, or log-in is paused for some minutes after too many tries',
    'LOGIN_FAILED',
  );
}

/** `USER_IN_USE`: something still belongs to the user. */
export function userInUse(id: string, what: string): TenonError {
  return new TenonError({
    code: 'USER_IN_USE',
    category: 'conflict',
    message: `The user '${id}' still has ${what}; delete or move them first`,
    details: { id, what },
  });
}
