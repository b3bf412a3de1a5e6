import type { JobParts } from '../job/job-parts.js';
import type { Context } from '../platform/context.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { changeInstallation } from './change-installation.js';
import { installationNotEnabled } from './installation.errors.js';
import type { Installation, InstallationId } from './installation.js';
import { visibleInstallation } from './visible-installation.js';

/** Switches an installation on or off; one that is so already stays as it is. @throws TenonError `INSTALLATION_NOT_ENABLED`. */
export async function switchInstallation(
  parts: Pick<JobParts, 'persistence' | 'platform' | 'events'>,
  context: Context,
  wish: { readonly id: InstallationId; readonly status: 'enabled' | 'disabled' },
): Promise<Installation> {
  const { persistence, platform, events } = parts;
  const { id, status } = wish;
  const current = await visibleInstallation(persistence, context, id);
  if (current.status === status) return current;
  const switched = await retryConflicts(() =>
    changeInstallation(persistence, current, (row) => {
      if (row.status !== 'enabled' && row.status !== 'disabled') {
        throw installationNotEnabled(row, 'only a finished installation can be switched');
      }
      return { ...row, status, updatedAt: platform.clock.now() };
    }),
  );
  const data = { installationId: id, integration: switched.integration };
  events.publish(switched.tenantId, 'installation.updated', data);
  return switched;
}
