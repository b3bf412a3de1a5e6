import type { JsonObject } from '../platform/json.js';
import { TenonError } from '../platform/tenon.error.js';
import type { Connection } from './connection.js';

type Named = Pick<Connection, 'id' | 'connector'>;

/** `CONNECTION_NEEDS_REAUTHORIZATION`: the provider refuses the credential for good; a person has to connect again. */
export function connectionNeedsReauthorization(connection: Named): TenonError {
  return new TenonError({
    code: 'CONNECTION_NEEDS_REAUTHORIZATION',
    category: 'precondition',
    message: `The connection '${connection.id}' to '${connection.connector}' must be authorised again by its user`,
    details: { connectionId: connection.id, connector: connection.connector },
  });
}

/** `CONNECTION_DISABLED`: its owner switched it off. */
export function connectionDisabled(connection: Named): TenonError {
  return new TenonError({
    code: 'CONNECTION_DISABLED',
    category: 'precondition',
    message: `The connection '${connection.id}' to '${connection.connector}' is disabled`,
    details: { connectionId: connection.id, connector: connection.connector },
  });
}

/** `CONNECTION_ACCOUNT_MISMATCH`: the account that was authorised is another one than the connection's. */
export function connectionAccountMismatch(connection: Named): TenonError {
  return new TenonError({
    code: 'CONNECTION_ACCOUNT_MISMATCH',
    category: 'conflict',
    message: `Another account of '${connection.connector}' was authorised than the one of connection '${connection.id}'; log in there with the same account`,
    details: { connectionId: connection.id, connector: connection.connector },
  });
}

/** `CONNECTION_IN_USE`: installations are bound to it; `details.installationIds` names them (at most 20). */
export function connectionInUse(connection: Named, installationIds: readonly string[]): TenonError {
  return new TenonError({
    code: 'CONNECTION_IN_USE',
    category: 'conflict',
    message: `The connection '${connection.id}' is used by installations; delete them first`,
    details: { connectionId: connection.id, installationIds },
  });
}

/** `WRONG_AUTH_TYPE`: the connector authenticates in another way than this command does. */
export function wrongAuthType(connector: string, message: string): TenonError {
  return new TenonError({
    code: 'WRONG_AUTH_TYPE',
    category: 'validation',
    message,
    details: { connector },
  });
}

/** `AUTHORIZATION_INVALID`: the same for unknown, used, expired and foreign states. */
export function authorizationInvalid(): TenonError {
  return new TenonError({
    code: 'AUTHORIZATION_INVALID',
    category: 'forbidden',
    message:
      'This authorization is not valid: it was used already, is older than ten minutes or began in another browser; start again',
  });
}

/** `AUTHORIZATION_DENIED`: the provider or the person at it said no. `details.reason` is the provider's error code. */
export function authorizationDenied(details: JsonObject & { readonly reason: string }): TenonError {
  return new TenonError({
    code: 'AUTHORIZATION_DENIED',
    category: 'forbidden',
    message: `The provider did not authorise the connection (${details.reason}); start again`,
    details,
  });
}

/** `AUTHORIZATION_CODE_REFUSED`: the provider did not give tokens for its own code. */
export function authorizationCodeRefused(details: JsonObject & { reason: string }): TenonError {
  return new TenonError({
    code: 'AUTHORIZATION_CODE_REFUSED',
    category: 'provider',
    message: `The provider refused its authorization code (${details.reason}); start again`,
    details,
  });
}

/** `CREDENTIAL_REJECTED`: the provider does not accept what was filled in. */
export function credentialRejected(connector: string, cause: unknown): TenonError {
  return new TenonError({
    code: 'CREDENTIAL_REJECTED',
    category: 'validation',
    message: `'${connector}' does not accept these credentials; check every field`,
    details: { connector },
    cause,
  });
}

/** `FORM_STEP_CONFLICT`: the form is at another step than the one that was sent; `details.step` tells which. */
export function formStepConflict(step: number, totalSteps: number): TenonError {
  return new TenonError({
    code: 'FORM_STEP_CONFLICT',
    category: 'conflict',
    message: `The form is at step ${step} of ${totalSteps}; send that one`,
    details: { step, totalSteps },
  });
}
