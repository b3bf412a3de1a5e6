import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Connection, ConnectionId } from './connection.js';

/** @throws NotFoundError `CONNECTION_NOT_FOUND`, the same for connections that are not there and those of others. */
export async function visibleConnection(
  repositories: Pick<Repositories, 'connections'>,
  context: Context,
  id: ConnectionId,
): Promise<Connection> {
  const connection = await repositories.connections.find(context.tenantId, id);
  if (connection && mayAccess(context, connection.userId)) return connection;
  throw new NotFoundError('connection', id);
}
