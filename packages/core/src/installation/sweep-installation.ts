import type { Persistence } from '../platform/persistence.port.js';
import type { TenantId } from '../tenant/tenant.js';
import type { InstallationId } from './installation.js';

const BATCH = 1_000;

/** Deletes what was written for an installation behind its deletion. Leaves alone what belongs to one that is there. */
export async function sweepInstallation(
  { installations }: Pick<Persistence, 'installations'>,
  tenantId: TenantId,
  id: InstallationId,
): Promise<void> {
  if (await installations.find(tenantId, id)) return;
  while (!(await installations.deleteBatch(tenantId, id, BATCH)));
}
