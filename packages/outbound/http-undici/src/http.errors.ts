import { TenonError, ValidationError } from '@tenon/core';

/** Where a request went: origin and path. Query strings and headers hold secrets and never get here. */
export interface Target {
  readonly method: string;
  readonly url: URL;
}

/** `GET https://host/path`. */
export function describe({ method, url }: Target): string {
  return `${method} ${url.origin}${url.pathname}`;
}

/** `EGRESS_REFUSED`: the policy forbids this host. */
export function egressRefused(host: string, reason: string): TenonError {
  return new TenonError({
    code: 'EGRESS_REFUSED',
    category: 'forbidden',
    message: `Calls to '${host}' are refused: ${reason}. If this is on purpose, name the host in the egress policy's allow`,
    details: { host },
  });
}

/** `HTTP_INVALID_REQUEST`: nothing was sent. */
export function invalidRequest(path: string, message: string): ValidationError {
  return new ValidationError('The HTTP request', [{ path, message }], 'HTTP_INVALID_REQUEST');
}

/** `HTTP_TIMEOUT`: `sent` tells whether the request had begun to leave. */
export function timedOut(target: Target, timeoutMs: number, sent: boolean): TenonError {
  return new TenonError({
    code: 'HTTP_TIMEOUT',
    category: 'timeout',
    message: `${describe(target)} was not answered within ${timeoutMs} ms`,
    details: { timeoutMs, sent },
  });
}

/** `HTTP_RESPONSE_TOO_LARGE`. */
export function tooLarge(target: Target, maxBytes: number): TenonError {
  return new TenonError({
    code: 'HTTP_RESPONSE_TOO_LARGE',
    category: 'provider',
    message: `${describe(target)} answered more than ${maxBytes} bytes; ask for smaller pages or raise maxResponseBytes`,
    details: { maxBytes },
  });
}

/** `HTTP_INVALID_JSON`. The body is not quoted: it may hold secrets. */
export function invalidJson(target: Target, status: number): TenonError {
  return new TenonError({
    code: 'HTTP_INVALID_JSON',
    category: 'provider',
    message: `${describe(target)} answered ${status} with a body that is not JSON`,
    details: { status },
  });
}

/** Short names of what goes wrong below HTTP, by the code of Node or undici. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_CLOSED: 'this client is closed',
  UND_ERR_DESTROYED: 'this client is closed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
};

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

/** `HTTP_CONNECTION_FAILED`: no answer. `sent` tells whether the request had begun to leave. */
export function connectionFailed(target: Target, error: unknown, sent: boolean): TenonError {
  const reason = codeOf(error);
  const original = error as Partial<Error> | null;
  return new TenonError({
    code: 'HTTP_CONNECTION_FAILED',
    category: 'unavailable',
    message: `${describe(target)} failed: ${REASONS[reason] ?? `no connection (${reason})`}`,
    details: { reason, sent },
    // A copy: the originals carry sockets and pieces of the answer.
    cause: new Error(`${original?.name ?? 'Error'} ${reason}`),
  });
}
