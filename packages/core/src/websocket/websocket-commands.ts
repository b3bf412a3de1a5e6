import type { AppContext, Context } from '../platform/context.js';
import type { JsonValue } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';
import type { ConnectSocketInput } from './socket-inputs.js';
import type { SocketTicket } from './socket-ticket.js';
import type { SocketTally } from './socket-fan-out.js';
import type { SocketMail } from './socket-mailbox.js';
import type { SocketAudience } from './socket-publisher.js';
import type { SocketTarget } from './socket-sender.port.js';
import type { WebsocketConnection, WebsocketConnectionId } from './websocket-connection.js';

/** Connections of browsers. */
export interface WebsocketCommands {
  /** What opens one connection of the caller within a minute. */
  issueTicket(context: Context, input: Record<string, never>): Promise<SocketTicket>;
  /**
   * Sends a message of the app's own within the caller's tenant: to a user, to a topic `custom/<name>`, or to everybody. Answers
   * how many connections got it. @throws ForbiddenError, ValidationError, TenonError `WEBSOCKET_MESSAGE_TOO_LARGE`.
   */
  publish(
    context: Context,
    input: { readonly to: SocketAudience; readonly data: JsonValue },
  ): Promise<SocketTally>;
  // What follows is for gateways.
  /** Admits a connection. @throws UnauthenticatedError, TenonError `WEBSOCKET_ORIGIN_REFUSED`, `WEBSOCKET_TOO_MANY_CONNECTIONS`. */
  connect(context: AppContext, input: ConnectSocketInput): Promise<WebsocketConnection>;
  /** Works on a client's message; answers what to send back. Never throws. */
  receive(
    context: AppContext,
    input: { readonly connectionId: WebsocketConnectionId; readonly text: string },
  ): Promise<{ readonly reply: string }>;
  /** Forgets a connection that ended. Idempotent. */
  disconnect(
    context: AppContext,
    input: { readonly connectionId: WebsocketConnectionId },
  ): Promise<void>;
  /** Prolongs connections; answers those that are to be closed because nobody knows them any more. */
  keep(
    context: AppContext,
    input: {
      readonly connections: readonly Pick<SocketTarget, 'id' | 'tenantId'>[];
      readonly ttlMs: number;
    },
  ): Promise<{ readonly unknown: readonly WebsocketConnectionId[] }>;
  /** Takes what other processes left for the connections of this one. */
  collect(
    context: AppContext,
    input: { readonly endpoint: string; readonly tenantIds: readonly TenantId[] },
  ): Promise<readonly SocketMail[]>;
}
