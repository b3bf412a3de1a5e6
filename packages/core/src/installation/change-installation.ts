import { NotFoundError } from '../platform/common.errors.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Installation } from './installation.js';

/**
 * Changes the newest row; call it in a transaction under `retryConflicts`, because jobs add messages at any time.
 * @throws NotFoundError `INSTALLATION_NOT_FOUND`, VersionConflictError.
 */
export async function changeInstallation(
  { installations }: Pick<Repositories, 'installations'>,
  { tenantId, id }: Pick<Installation, 'tenantId' | 'id'>,
  change: (current: Installation) => Installation,
): Promise<Installation> {
  const current = await installations.find(tenantId, id);
  if (!current) throw new NotFoundError('installation', id);
  return installations.update(change(current));
}
