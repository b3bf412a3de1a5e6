import type { Repositories } from '../platform/persistence.port.js';
import { announceAdvanced, announceStarted } from '../run/announce-run.js';
import type { Run } from '../run/run.js';
import { webhookDeliveryIdOf } from '../webhook/webhook-job.js';
import type { DeadLetter } from './dead-letter.js';
import { addToOutbox, isFifo, sendCommitted } from './dispatch-jobs.js';
import { jobsOfRun, writeEffects } from './effects.js';
import type { JobAttempt } from './job-attempt.js';
import type { JobOutcome } from './job-delivery.js';
import { jobLeaseLost } from './job.errors.js';
import type { JobParts } from './job-parts.js';
import { publicError } from './public-error.js';
import type { OutgoingJob } from './job.js';
import type { HandlerResult } from './run-handler.js';

function keepUntil({ platform, settings }: JobParts): Date {
  return new Date(platform.clock.now().getTime() + settings.keepDoneMs);
}

/** Commits everything that a handler did and its job's end, or nothing. @throws TenonError `JOB_LEASE_LOST`. */
export async function settleDone(
  parts: JobParts,
  { message, claim, logger }: JobAttempt,
  result: HandlerResult,
): Promise<JobOutcome> {
  const { tenantId, installationId, runId } = message;
  const { batch, delivery } = result;
  const run = await parts.persistence.transaction(async (repositories) => {
    if (!(await claim.complete(repositories, keepUntil(parts)))) throw jobLeaseLost();
    await writeEffects(repositories, batch, { tenantId, installationId, parts });
    const at = parts.platform.clock.now();
    if (delivery) {
      const { id, status, reason } = delivery;
      await repositories.webhookDeliveries.settle(tenantId, id, { status, reason, at });
    }
    if (runId === null) return null;
    const pendingJobs = jobsOfRun(batch, runId) - 1;
    return repositories.runs.advance(tenantId, runId, { ...batch.run, pendingJobs, at });
  });
  announceStarted(parts.events, batch.runs);
  announceAdvanced(parts.events, run, 1);
  await sendCommitted(parts, batch.jobs, logger);
  return { decision: 'ack', result: 'done' };
}

/** Ends a job whose key was done by another job: it counts as done. @throws TenonError `JOB_LEASE_LOST`. */
export async function settleSuperseded(parts: JobParts, attempt: JobAttempt): Promise<JobOutcome> {
  const batch = { jobs: [], runs: [], messages: [], run: { progress: {} } };
  await settleDone(parts, attempt, { batch, delivery: null });
  return { decision: 'ack', result: 'duplicate' };
}

/**
 * Puts a job off: it leaves its message and comes back in another one. A FIFO queue's message stays, because others of its group
 * must not overtake it.
 */
export async function settleLater(
  parts: JobParts,
  attempt: JobAttempt,
  later: { readonly delayMs: number; readonly countAttempt: boolean; readonly reason: string },
): Promise<JobOutcome> {
  const { message, claim, delivery, logger } = attempt;
  const { delayMs, countAttempt, reason } = later;
  if (isFifo(delivery.queue)) {
    await claim.release(parts.persistence, { countAttempt });
    return { decision: 'retry', delayMs, reason };
  }
  const deferrals = message.deferrals + (countAttempt ? 0 : 1);
  const job: OutgoingJob = {
    id: parts.platform.ids.next(),
    message: { ...message, deferrals },
    queue: delivery.queue,
    delayMs,
    groupId: delivery.groupId,
  };
  await parts.persistence.transaction(async (repositories) => {
    if (!(await claim.release(repositories, { countAttempt }))) throw jobLeaseLost();
    await addToOutbox(repositories, [job], parts);
  });
  await sendCommitted(parts, [job], logger);
  return { decision: 'ack', result: countAttempt ? 'retry_later' : 'deferred' };
}

function deadLetterOf(
  parts: JobParts,
  { message, delivery, claim }: JobAttempt,
  why: Pick<DeadLetter, 'reason' | 'error'>,
): DeadLetter {
  return {
    id: parts.platform.ids.next(),
    tenantId: message.tenantId,
    installationId: message.installationId,
    runId: message.runId,
    queue: delivery.queue,
    groupId: delivery.groupId,
    message,
    ...why,
    attempts: claim.attempt,
    createdAt: parts.platform.clock.now(),
  };
}

function announceDead({ events }: JobParts, letter: DeadLetter): void {
  events.publish(letter.tenantId, 'job.dead', {
    deadLetterId: letter.id,
    installationId: letter.installationId,
    job: letter.message.job,
    reason: letter.reason,
    code: letter.error.code,
  });
}

/** Parks a job: for its run it is still outstanding. Answers the dead letter. */
export async function settleParked(
  parts: JobParts,
  attempt: JobAttempt,
  why: Pick<DeadLetter, 'reason' | 'error'>,
): Promise<DeadLetter> {
  const letter = deadLetterOf(parts, attempt, why);
  await parts.persistence.transaction(async (repositories) => {
    if (!(await attempt.claim.close(repositories, keepUntil(parts)))) throw jobLeaseLost();
    const { tenantId, runId, createdAt: at } = letter;
    // Waits for whoever resumes the run right now: its transaction would not see this job, and this one not that it resumes.
    if (why.reason === 'cancelled' && runId !== null) {
      await repositories.runs.advance(tenantId, runId, { at });
    }
    await repositories.deadLetters.insert(letter);
  });
  announceDead(parts, letter);
  return letter;
}

/** Writes what a dead job means for its installation, its delivery and its run; answers the run. */
export async function countDead(
  repositories: Repositories,
  letter: DeadLetter,
  at: Date,
): Promise<Run | null> {
  const { tenantId, installationId, runId, message, error } = letter;
  const text = `The job '${message.job}' failed: ${error.message}`;
  const note = { level: 'error', code: error.code, text, at } as const;
  await repositories.installations.addMessage(tenantId, installationId, note);
  const deliveryId = webhookDeliveryIdOf(message);
  if (deliveryId !== null) {
    const dead = { status: 'dead', reason: `${error.code}: ${error.message}`, at } as const;
    await repositories.webhookDeliveries.settle(tenantId, deliveryId, dead);
  }
  if (runId === null) return null;
  return repositories.runs.advance(tenantId, runId, { pendingJobs: -1, deadJobs: 1, error, at });
}

/** Ends a job that failed for good. */
export async function settleDead(
  parts: JobParts,
  attempt: JobAttempt,
  error: unknown,
): Promise<JobOutcome> {
  const letter = deadLetterOf(parts, attempt, { reason: 'failed', error: publicError(error) });
  const run = await parts.persistence.transaction(async (repositories) => {
    if (!(await attempt.claim.close(repositories, keepUntil(parts)))) throw jobLeaseLost();
    await repositories.deadLetters.insert(letter);
    return countDead(repositories, letter, parts.platform.clock.now());
  });
  announceDead(parts, letter);
  announceAdvanced(parts.events, run, 1);
  return { decision: 'ack', result: 'dead' };
}
