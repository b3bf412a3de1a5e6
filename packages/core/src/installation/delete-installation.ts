import { runHook } from '../integration/run-hook.js';
import type { JobParts } from '../job/job-parts.js';
import { connectionsOf } from '../job/job-subject.js';
import type { Context } from '../platform/context.js';
import { hasCode } from '../platform/tenon.error.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { changeInstallation } from './change-installation.js';
import { withInstallationLease } from './installation-lease.js';
import type { Installation } from './installation.js';

type Caller = Pick<Context, 'requestId' | 'logger' | 'signal'>;

/** Rows of each kind that one statement deletes, so that a large installation does not lock the tables for long. */
const BATCH = 1_000;

/** The deletion must not hang on a provider that is away: its failure is reported, and what it asked for is not done. */
async function callHook(
  parts: JobParts,
  caller: Caller,
  installation: Installation,
): Promise<void> {
  const { id: installationId, integration: name } = installation;
  const integration = parts.registry.findIntegration(name);
  const call = integration?.onDelete?.bind(integration);
  if (!integration || !call) return;
  try {
    const connections = await connectionsOf(parts, installation);
    await runHook(parts, caller, { installation, integration, connections, call });
  } catch (error) {
    caller.logger.warn('onDelete failed; the installation is deleted all the same', {
      ...{ installationId, integration: name, error },
    });
  }
}

/**
 * Deletes an installation with everything that it owns, from wherever an earlier deletion stopped. `onDelete` is called again then.
 * @throws TenonError `INSTALLATION_BUSY`.
 */
export async function deleteInstallation(
  parts: JobParts,
  caller: Caller,
  { tenantId, id, integration }: Installation,
): Promise<void> {
  const { persistence, platform, events } = parts;
  await withInstallationLease(parts, { id, logger: caller.logger }, async () => {
    const updatedAt = platform.clock.now();
    const marked = await retryConflicts(() =>
      changeInstallation(persistence, { tenantId, id }, (row) => ({
        ...row,
        status: 'deleting',
        updatedAt,
      })),
    ).catch((error: unknown) => {
      if (hasCode(error, 'INSTALLATION_NOT_FOUND')) return null;
      throw error;
    });
    // Deleted by another call while this one waited.
    if (!marked) return;
    await callHook(parts, caller, marked);
    while (!(await persistence.installations.deleteBatch(tenantId, id, BATCH)));
    events.publish(tenantId, 'installation.deleted', { installationId: id, integration });
  });
}
