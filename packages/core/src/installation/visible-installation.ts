import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Installation, InstallationId } from './installation.js';

/** @throws NotFoundError `INSTALLATION_NOT_FOUND`, the same for installations that are not there and those of others. */
export async function visibleInstallation(
  repositories: Pick<Repositories, 'installations'>,
  context: Context,
  id: InstallationId,
): Promise<Installation> {
  const installation = await repositories.installations.find(context.tenantId, id);
  if (installation && mayAccess(context, installation.userId)) return installation;
  throw new NotFoundError('installation', id);
}
