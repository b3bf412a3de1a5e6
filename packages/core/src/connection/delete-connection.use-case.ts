import type { Registry } from '../app/registry.js';
import { revokeTokens } from '../credential/oauth2-revocation.js';
import type { EventBus } from '../event/event-bus.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { HttpClient } from '../platform/http-client.port.js';
import type { Persistence, Repositories } from '../platform/persistence.port.js';
import { connectionInUse } from './connection.errors.js';
import type { Connection, ConnectionId } from './connection.js';
import { visibleConnection } from './visible-connection.js';

const MAX_NAMED = 20;

/**
 * Deletes a connection with its credential. Where the provider can revoke, it is asked to first; if it does not answer in time,
 * the connection is deleted all the same. Safe to repeat: a second call finds nothing. Throws: `CONNECTION_NOT_FOUND`, `CONNECTION_IN_USE`.
 */
export class DeleteConnection {
  constructor(
    private readonly parts: {
      readonly registry: Registry;
      readonly persistence: Pick<
        Persistence,
        'connections' | 'credentials' | 'installations' | 'transaction'
      >;
      readonly http: HttpClient;
      readonly crypto: Pick<Crypto, 'base64'>;
      readonly events: EventBus;
      /** Time for the provider to revoke, in milliseconds. Default: 10,000. */
      readonly revocationTimeoutMs?: number;
    },
  ) {}

  async execute(context: Context, input: { readonly connectionId: ConnectionId }): Promise<void> {
    requireScope(context, 'connections:write');
    const { events, persistence } = this.parts;
    const connection = await visibleConnection(persistence, context, input.connectionId);
    await requireUnused(connection, persistence);
    await this.#revoke(context, connection);
    const deleted = await persistence.transaction(async (repositories) => {
      // First, so that it waits for whoever holds the connection, and the look afterwards sees what they did.
      const gone = await repositories.connections.delete(connection.tenantId, connection.id);
      await requireUnused(connection, repositories);
      return gone;
    });
    if (!deleted) return;
    const data = { connectionId: connection.id, connector: connection.connector };
    events.publish(connection.tenantId, 'connection.deleted', data);
  }

  async #revoke(context: Context, connection: Connection): Promise<void> {
    const { registry, persistence, revocationTimeoutMs = 10_000 } = this.parts;
    const { id, tenantId, connector } = connection;
    const auth = registry.connectors.find(({ name }) => name === connector)?.auth;
    if (auth?.type !== 'oauth2') return;
    try {
      const credential = await persistence.credentials.findByConnection(tenantId, id);
      const material = credential?.material.reveal();
      if (material?.type !== 'oauth2') return;
      const options = { ...this.parts, timeoutMs: revocationTimeoutMs };
      if (await revokeTokens(auth, material, options)) return;
      if (auth.revocationUrl === undefined) return;
      context.logger.warn('The provider did not revoke', { connectionId: id, connector });
    } catch (error) {
      context.logger.warn('The provider could not be asked to revoke', {
        connectionId: id,
        connector,
        error,
      });
    }
  }
}

async function requireUnused(
  connection: Connection,
  { installations }: Pick<Repositories, 'installations'>,
): Promise<void> {
  const { id, tenantId } = connection;
  const page = { limit: MAX_NAMED, after: null };
  const bound = await installations.list(tenantId, { connectionId: id }, page);
  if (bound.items.length === 0) return;
  const ids = bound.items.map((installation) => installation.id);
  throw connectionInUse(connection, ids);
}
