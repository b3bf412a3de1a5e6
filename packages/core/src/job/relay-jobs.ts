import type { Logger } from '../platform/logger.port.js';
import { announceAdvanced } from '../run/announce-run.js';
import { sendJobs } from './dispatch-jobs.js';
import type { JobParts } from './job-parts.js';
import { inboxKey } from './job.js';
import type { OutgoingJob } from './job.js';
import { publicError } from './public-error.js';
import { countDead } from './settle-job.js';
import type { DeadLetter } from './dead-letter.js';

/** What handing over what is left in the outbox needs. */
export type RelayParts = Pick<
  JobParts,
  'persistence' | 'queue' | 'platform' | 'settings' | 'events'
>;

/** A queue refuses this job for what it is: it would come back from the outbox for ever. */
async function bury(parts: RelayParts, job: OutgoingJob, error: unknown): Promise<void> {
  const { message, queue, groupId } = job;
  const { tenantId, installationId, runId } = message;
  const at = parts.platform.clock.now();
  const letter: DeadLetter = {
    id: parts.platform.ids.next(),
    ...{ tenantId, installationId, runId, queue, groupId, message },
    reason: 'failed',
    error: publicError(error),
    attempts: 0,
    createdAt: at,
  };
  const run = await parts.persistence.transaction(async (repositories) => {
    await repositories.outbox.remove([job.id]);
    await repositories.inbox.forget(tenantId, inboxKey(message));
    const installation = await repositories.installations.find(tenantId, installationId);
    if (!installation) return null;
    await repositories.deadLetters.insert(letter);
    return countDead(repositories, letter, at);
  });
  announceAdvanced(parts.events, run, 1);
}

/** Hands over outbox entries that are due, at most `limit`. Answers how many were sent. */
export async function relayJobs(parts: RelayParts, limit: number, logger: Logger): Promise<number> {
  const { outbox } = parts.persistence;
  const now = parts.platform.clock.now();
  const hiddenUntil = new Date(now.getTime() + parts.settings.relayHideMs);
  const jobs = await outbox.take(limit, now, hiddenUntil);
  if (jobs.length === 0) return 0;
  const report = await sendJobs(parts.queue, jobs);
  if (report.sent.length > 0) await outbox.remove(report.sent.map(({ id }) => id));
  for (const { jobs: left, error } of report.left) {
    logger.warn('Jobs could not be handed over and are tried again', { count: left.length, error });
  }
  for (const { job, error } of report.refused) {
    const { tenantId, id: jobId } = job.message;
    logger.error('A queue refuses a job, which is now a dead letter', { tenantId, jobId, error });
    await bury(parts, job, error);
  }
  return report.sent.length;
}
