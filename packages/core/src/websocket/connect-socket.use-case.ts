import type { Clock } from '../platform/clock.port.js';
import { UnauthenticatedError } from '../platform/common.errors.js';
import type { AppContext, Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import { InputCheck } from '../platform/input-check.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { ConnectSocketInput } from './socket-inputs.js';
import { redeemTicket } from './socket-ticket.js';
import { socketContext } from './socket-user.js';
import type { WebsocketConnection } from './websocket-connection.js';
import { originRefused, tooManySockets } from './websocket.errors.js';

/** The most connections of one user at a time: tabs and devices. */
export const MAX_SOCKETS_PER_USER = 20;

/** Admits a connection, bound to its tenant and user. */
export class ConnectSocket {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<
        Repositories,
        'states' | 'users' | 'tenants' | 'websocketConnections'
      >;
      readonly clock: Clock;
      readonly crypto: Crypto;
      /** Origins of pages that may connect: `https://app.example.com`. */
      readonly webOrigins: readonly string[];
      readonly authenticate: (
        context: AppContext,
        input: { readonly bearer: string },
      ) => Promise<Context>;
    },
  ) {}

  /**
   * @throws UnauthenticatedError, the same for tickets that are unknown, used or expired; TenonError `WEBSOCKET_ORIGIN_REFUSED`,
   * `WEBSOCKET_TOO_MANY_CONNECTIONS`.
   */
  async execute(context: AppContext, input: ConnectSocketInput): Promise<WebsocketConnection> {
    const { clock, persistence, webOrigins } = this.parts;
    const { connectionId: id, endpoint, origin, ttlMs } = input;
    const check = new InputCheck('The websocket connection');
    check.expect(id.length >= 1 && id.length <= 200, 'connectionId', '1 to 200 characters');
    check.done();
    if (origin !== null && !webOrigins.includes(origin)) throw originRefused(origin);
    const { tenantId, userId, scopes } = await this.#user(context, input);
    if (userId === null) throw new UnauthenticatedError();
    const connectedAt = clock.now();
    const page = { afterId: null, limit: MAX_SOCKETS_PER_USER, now: connectedAt };
    const open = await persistence.websocketConnections.list(tenantId, { userId }, page);
    if (open.length >= MAX_SOCKETS_PER_USER) throw tooManySockets(MAX_SOCKETS_PER_USER);
    const connection: WebsocketConnection = {
      ...{ id, tenantId, userId, scopes, topics: [], endpoint },
      ...{ connectedAt, lastSeenAt: connectedAt },
      expiresAt: new Date(connectedAt.getTime() + ttlMs),
    };
    await persistence.websocketConnections.insert(connection);
    return connection;
  }

  async #user(
    context: AppContext,
    { ticket, bearer }: ConnectSocketInput,
  ): Promise<Pick<Context, 'tenantId' | 'userId' | 'scopes'>> {
    const { persistence, clock, crypto } = this.parts;
    if (ticket === undefined) {
      if (bearer !== undefined) return this.parts.authenticate(context, { bearer });
      throw new UnauthenticatedError(
        'Authentication is needed: connect with a ticket of POST /api/websocket-tickets',
      );
    }
    const { states } = persistence;
    const holder = await redeemTicket({ states, clock, crypto }, ticket);
    if (holder) return socketContext(persistence, context, holder);
    throw new UnauthenticatedError('The ticket is unknown, used or expired: ask for a new one');
  }
}
