import { NotFoundError } from '../platform/common.errors.js';
import type { Repositories } from '../platform/persistence.port.js';
import { hasCode } from '../platform/tenon.error.js';
import type { Connection } from './connection.js';

const ATTEMPTS = 5;

/**
 * Applies a change that makes sense on top of whatever else changed meanwhile; `change` sees the newest row and answers
 * the changed one. @throws NotFoundError `CONNECTION_NOT_FOUND`, VersionConflictError after five lost races.
 */
export async function changeConnection(
  repositories: Pick<Repositories, 'connections'>,
  connection: Connection,
  change: (current: Connection) => Connection,
): Promise<Connection> {
  const { tenantId, id } = connection;
  let current: Connection | null = connection;
  for (let attempt = 1; ; attempt += 1) {
    if (!current) throw new NotFoundError('connection', id);
    try {
      return await repositories.connections.update(change(current));
    } catch (error) {
      if (attempt >= ATTEMPTS || !hasCode(error, 'VERSION_CONFLICT')) throw error;
    }
    current = await repositories.connections.find(tenantId, id);
  }
}
