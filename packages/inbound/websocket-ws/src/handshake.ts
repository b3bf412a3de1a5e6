import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isTenonError } from '@tenon/core';
import type { ErrorCategory } from '@tenon/core';

/** The protocol that client and server agree on. */
export const PROTOCOL = 'tenon';
const TICKET = 'ticket.';

/** How a client says who it is. */
export interface Credentials {
  readonly ticket?: string;
  readonly bearer?: string;
}

const offered = (request: IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());

/** A ticket among the offered protocols or in the query, or a bearer token in the header, which programs can set. */
export function credentialsOf(request: IncomingMessage): Credentials {
  const protocol = offered(request).find((each) => each.startsWith(TICKET));
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket');
  const ticket = protocol?.slice(TICKET.length) ?? query ?? undefined;
  if (ticket !== undefined) return { ticket };
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer === undefined ? {} : { bearer };
}

/** Path of the request, without the query, which may hold a ticket. */
export const pathOf = (request: IncomingMessage): string =>
  (request.url ?? '/').split('?', 1)[0] ?? '/';

/** Category of an error → HTTP status of the refused handshake. */
const STATUS: Readonly<Partial<Record<ErrorCategory, number>>> = {
  validation: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  rate_limited: 429,
  unavailable: 503,
  timeout: 504,
};

/** Answers a handshake that is refused with problem details; of errors of the inside only the request id is told. */
export function refuse(socket: Duplex, error: unknown, requestId: string): void {
  const status = (isTenonError(error) ? STATUS[error.category] : undefined) ?? 500;
  const title = STATUS_CODES[status] ?? 'Error';
  const told = isTenonError(error) && status !== 500;
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail: told ? error.message : `Something went wrong on our side; please quote ${requestId}`,
    code: told ? error.code : 'INTERNAL',
    requestId,
  });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'connection: close',
    'content-type: application/problem+json',
    'cache-control: no-store',
    `x-request-id: ${requestId}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
