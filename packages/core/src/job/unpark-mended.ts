import type { InstallationId } from '../installation/installation.js';
import type { Logger } from '../platform/logger.port.js';
import type { ParkedInstallation } from './dead-letter-repository.port.js';
import { MENDABLE } from './dead-letter.js';
import type { JobParts } from './job-parts.js';
import { blockageOf, loadSubject } from './job-subject.js';
import { redriveMatching } from './redrive-jobs.js';

/** Whoever mends a cause unparks at once; only what is older than this was forgotten by a process that died. */
const REST_MS = 60_000;
const PAGE = 100;
const MAX_PAGES = 20;

async function unparkInstallation(
  parts: JobParts,
  { tenantId, installationId }: ParkedInstallation,
  logger: Logger,
): Promise<number> {
  const subject = await loadSubject(parts, { tenantId, installationId, runId: null });
  if (!subject || blockageOf(subject)) return 0;
  const filter = { installationId, reasons: MENDABLE };
  const count = await redriveMatching(parts, { tenantId, filter }, logger);
  if (count > 0) logger.info('Parked jobs go on', { tenantId, installationId, count });
  return count;
}

/**
 * Puts jobs on their way that are parked though nothing blocks them any more: the process that mended the cause died before it
 * came to them, or its clock was behind. Answers how many.
 */
export async function unparkMended(parts: JobParts, logger: Logger): Promise<number> {
  const before = new Date(parts.platform.clock.now().getTime() - REST_MS);
  let after: InstallationId | null = null;
  let total = 0;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const found = await parts.persistence.deadLetters.listParked(before, after, PAGE);
    for (const parked of found) {
      try {
        total += await unparkInstallation(parts, parked, logger);
      } catch (error) {
        const { installationId } = parked;
        logger.warn('Parked jobs could not go on', { installationId, error });
      }
      after = parked.installationId;
    }
    if (found.length < PAGE) break;
  }
  return total;
}
