import type { EventBus } from '../event/event-bus.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Persistence, Repositories } from '../platform/persistence.port.js';
import { connectionInUse } from './connection.errors.js';
import type { Connection, ConnectionId } from './connection.js';
import { revokeConnection, type RevocationParts } from './revoke-connection.js';
import { visibleConnection } from './visible-connection.js';

const MAX_NAMED = 20;

/**
 * Deletes a connection with its credential. Where the provider can revoke, it is asked to first; if it does not answer in time,
 * the connection is deleted all the same. Safe to repeat: a second call finds nothing. Throws: `CONNECTION_NOT_FOUND`, `CONNECTION_IN_USE`.
 */
export class DeleteConnection {
  constructor(
    private readonly parts: RevocationParts & {
      readonly persistence: Pick<
        Persistence,
        'connections' | 'credentials' | 'installations' | 'transaction'
      >;
      readonly events: EventBus;
    },
  ) {}

  async execute(context: Context, input: { readonly connectionId: ConnectionId }): Promise<void> {
    requireScope(context, 'connections:write');
    const { events, persistence } = this.parts;
    const connection = await visibleConnection(persistence, context, input.connectionId);
    await requireUnused(connection, persistence);
    await revokeConnection(this.parts, context.logger, connection);
    const deleted = await persistence.transaction(async (repositories) => {
      // First, so that it waits for whoever holds the connection, and the look afterwards sees what they did.
      const gone = await repositories.connections.delete(connection.tenantId, connection.id);
      await requireUnused(connection, repositories);
      return gone;
    });
    if (!deleted) return;
    const { id: connectionId, tenantId, connector, userId } = connection;
    events.publish(tenantId, 'connection.deleted', { connectionId, connector, userId });
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
