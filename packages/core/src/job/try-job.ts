import { hasCode } from '../platform/tenon.error.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { Logger } from '../platform/logger.port.js';
import type { TriedJob } from './tried-job.js';
import type { JobAttempt } from './job-attempt.js';
import { claimJob } from './job-claim.js';
import type { JobParts } from './job-parts.js';
import { blockageOf, loadSubject } from './job-subject.js';
import type { JobMessage } from './job.js';
import { runHandler } from './run-handler.js';
import { settleDead, settleDone, settleParked, settleSuperseded } from './settle-job.js';

/** A job to try. */
export interface JobToTry {
  readonly message: JobMessage;
  /** Where it would come from. */
  readonly queue: string;
  readonly signal: CancellationSignal;
}

type Ending = Pick<TriedJob, 'outcome' | 'error'>;

async function attemptOnce(
  parts: JobParts,
  context: { readonly logger: Logger },
  { message, queue, signal }: JobToTry,
): Promise<Ending> {
  const subject = await loadSubject(parts, message);
  const claimed = subject && (await claimJob(parts, message));
  if (!subject || !claimed || !('claim' in claimed)) return { outcome: 'skipped', error: null };
  const delivery = { body: '', queue, messageId: '', groupId: null, receiveCount: 1, signal };
  const { tenantId, installationId, job, id: jobId, runId } = message;
  const logger = context.logger.child({ tenantId, installationId, job, jobId, runId });
  const attempt: JobAttempt = { message, subject, claim: claimed.claim, delivery, logger };
  if (claimed.outcome === 'superseded') {
    await settleSuperseded(parts, attempt);
    return { outcome: 'skipped', error: null };
  }
  const blockage = blockageOf(subject);
  if (blockage) {
    const { code, message: text } = blockage.error;
    await settleParked(parts, attempt, {
      reason: blockage.reason,
      error: { code, message: text },
    });
    return { outcome: 'parked', error: blockage.error };
  }
  try {
    await settleDone(parts, attempt, await runHandler(parts, attempt));
    return { outcome: 'done', error: null };
  } catch (error) {
    if (hasCode(error, 'JOB_LEASE_LOST')) throw error;
    await settleDead(parts, attempt, error);
    return { outcome: 'failed', error };
  }
}

/**
 * Tries a job once, in this process. What it asks for is committed with its end as ever; when it fails it is a dead letter at once, and
 * the error is answered to whoever watches. @throws TenonError `JOB_LEASE_LOST`.
 */
export async function tryJob(
  parts: JobParts,
  context: { readonly logger: Logger },
  job: JobToTry,
): Promise<TriedJob> {
  const { clock } = parts.platform;
  const since = clock.monotonicMs();
  const ending = await attemptOnce(parts, context, job);
  const { job: name, runId } = job.message;
  return { job: name, runId, ...ending, tookMs: clock.monotonicMs() - since };
}
