import { sendCommitted } from '../job/dispatch-jobs.js';
import { writeEffects } from '../job/effects.js';
import type { EffectBatch } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import type { Logger } from '../platform/logger.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { announceStarted } from '../run/announce-run.js';
import { changeInstallation } from './change-installation.js';
import type { Installation } from './installation.js';

/** Commits the change of an installation together with everything that its hook asked for. */
export async function commitHook(
  parts: JobParts,
  { tenantId, id }: Pick<Installation, 'tenantId' | 'id'>,
  done: {
    readonly batch: EffectBatch;
    readonly change: (current: Installation) => Installation;
    readonly logger: Logger;
  },
): Promise<Installation> {
  const { batch, change, logger } = done;
  const changed = await retryConflicts(() =>
    parts.persistence.transaction(async (repositories) => {
      const row = await changeInstallation(repositories, { tenantId, id }, change);
      await writeEffects(repositories, batch, { tenantId, installationId: id, parts });
      // Messages of the hook change the row once more.
      return (await repositories.installations.find(tenantId, id)) ?? row;
    }),
  );
  announceStarted(parts.events, batch.runs);
  await sendCommitted(parts, batch.jobs, logger);
  return changed;
}
