import {
  isTenonError,
  MAX_SOCKET_MESSAGE_BYTES,
  MisconfiguredError,
  socketMessageTooLarge,
  socketSendFailed,
} from '@tenon/core';

/** What the SDK and API Gateway say of a role that may not send, or that has no credentials. */
const DENIED: ReadonlySet<string> = new Set([
  'ForbiddenException',
  'AccessDeniedException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ExpiredTokenException',
  'CredentialsProviderError',
]);

/** True when the connection has ended. Ids that the gateway never gave out are answered as a bad request. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'GoneException') return true;
  return error.name === 'BadRequestException' && /connection ?id/i.test(error.message);
}

/** Translates an error of the management API by its name; what is not known may go better later. */
export function toSocketError(error: unknown, bytes: number): Error {
  if (isTenonError(error)) return error;
  const name = error instanceof Error ? error.name : 'Error';
  if (name === 'PayloadTooLargeException') {
    return socketMessageTooLarge(bytes, MAX_SOCKET_MESSAGE_BYTES);
  }
  if (DENIED.has(name)) {
    return new MisconfiguredError(
      `API Gateway refuses this process (${name}): its role needs execute-api:ManageConnections on the websocket API`,
      { reason: name },
    );
  }
  return socketSendFailed(`API Gateway answered ${name}`, error);
}
