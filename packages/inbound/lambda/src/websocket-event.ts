import type { NamedValues } from './http-event.js';

/** What this package reads of an event of an API Gateway websocket API. */
export interface WebsocketEvent {
  readonly requestContext: {
    readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
    readonly routeKey?: string;
    readonly connectionId: string;
    readonly domainName?: string;
    readonly stage?: string;
    readonly requestId?: string;
  };
  /** Only with `CONNECT`. */
  readonly headers?: NamedValues | null;
  /** Only with `CONNECT`. */
  readonly queryStringParameters?: NamedValues | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** The answer to a {@link WebsocketEvent}. Its body goes to the client where the route has a response. */
export interface WebsocketResult {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
}

/** Whether an event comes from a websocket API. */
export function isWebsocketEvent(event: unknown): event is WebsocketEvent {
  const context = (event as Partial<WebsocketEvent> | null)?.requestContext;
  return typeof context?.connectionId === 'string' && typeof context.eventType === 'string';
}
