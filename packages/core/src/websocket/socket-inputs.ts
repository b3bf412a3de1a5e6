import type { WebsocketConnectionId } from './websocket-connection.js';

/** Someone wants to connect. */
export interface ConnectSocketInput {
  /** The gateway's id of the connection. */
  readonly connectionId: WebsocketConnectionId;
  /** Where the gateway takes messages for it. */
  readonly endpoint: string;
  /** How they say who they are: a ticket, or, where headers can be set, a bearer token. */
  readonly ticket?: string | undefined;
  readonly bearer?: string | undefined;
  /** The page that connects; null for programs that are no browser. */
  readonly origin: string | null;
  /** How long the row lives unless it is prolonged. */
  readonly ttlMs: number;
}
