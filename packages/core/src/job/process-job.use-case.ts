import { sweepInstallation } from '../installation/sweep-installation.js';
import { isTenonError } from '../platform/tenon.error.js';
import type { AppContext } from '../platform/context.js';
import type { Logger } from '../platform/logger.port.js';
import { redriveLetters } from './redrive-jobs.js';
import type { DeadLetter } from './dead-letter.js';
import { sendCommitted } from './dispatch-jobs.js';
import type { JobAttempt } from './job-attempt.js';
import { claimJob } from './job-claim.js';
import type { JobDelivery, JobOutcome } from './job-delivery.js';
import { jobCrashed } from './job.errors.js';
import type { JobParts } from './job-parts.js';
import { blockageOf, loadSubject } from './job-subject.js';
import type { Blockage } from './job-subject.js';
import type { JobMessage } from './job.js';
import { judgeFailure, judgeUnblocked, randomFraction } from './judge-failure.js';
import type { Judgement, TryFacts } from './judge-failure.js';
import { findJob } from './new-job.js';
import { parseJobMessage } from './parse-job-message.js';
import { publicError } from './public-error.js';
import { runHandler } from './run-handler.js';
import {
  settleDead,
  settleDone,
  settleLater,
  settleParked,
  settleSuperseded,
} from './settle-job.js';

const MAX_ATTEMPTS = 5;
const RETRY_DELAY_MS = 5_000;
/** For messages that will never be readable: their queue's own dead-letter queue takes them after some receives. */
const MALFORMED_DELAY_MS = 30_000;
const TROUBLE_DELAY_MS = 5_000;
/**
 * Receives of one message after which interruptions count as tries: the job never fits into the time that its worker has. With the
 * tries that are left this is below the 50 receives after which a queue takes the message away and its run would never end.
 */
const MAX_FREE_RECEIVES = 40;

function retry(delayMs: number, reason: string): JobOutcome {
  return { decision: 'retry', delayMs: Math.max(0, Math.ceil(delayMs)), reason };
}

/**
 * Runs one job message: at least once, and exactly once in what it commits. Never throws. Everything that a handler asks for is
 * committed together with the end of its job, while its claim holds, or not at all.
 */
export class ProcessJob {
  constructor(private readonly parts: JobParts) {}

  async execute(context: AppContext, delivery: JobDelivery): Promise<JobOutcome> {
    const { queue, messageId, receiveCount } = delivery;
    const logger = context.logger.child({ queue, messageId });
    let message: JobMessage;
    try {
      message = parseJobMessage(delivery.body);
    } catch (error) {
      // Nobody knows whose it is, so it cannot be kept as a dead letter of a tenant.
      logger.error('A queue message is no job and stays on its queue', { receiveCount, error });
      return retry(MALFORMED_DELAY_MS, 'JOB_MESSAGE_INVALID');
    }
    const { tenantId, installationId, job, id: jobId, runId, requestId } = message;
    const jobLogger = logger.child({ tenantId, installationId, job, jobId, runId, requestId });
    try {
      return await this.#process(message, delivery, jobLogger);
    } catch (error) {
      jobLogger.warn('A job could not be settled and stays on its queue', { error });
      return retry(TROUBLE_DELAY_MS, isTenonError(error) ? error.code : 'UNEXPECTED');
    }
  }

  async #process(message: JobMessage, delivery: JobDelivery, logger: Logger): Promise<JobOutcome> {
    const subject = await loadSubject(this.parts, message);
    if (!subject) {
      // An earlier try may have been at work while the installation was deleted.
      if (delivery.receiveCount > 1) {
        await sweepInstallation(this.parts.persistence, message.tenantId, message.installationId);
      }
      logger.info('A job of an installation that is gone was dropped');
      return { decision: 'ack', result: 'dropped' };
    }
    const claimed = await claimJob(this.parts, message);
    if (claimed.outcome === 'done') return { decision: 'ack', result: 'duplicate' };
    if (claimed.outcome === 'in_progress') return retry(claimed.retryAfterMs, 'JOB_IN_PROGRESS');
    const attempt = { message, subject, claim: claimed.claim, delivery, logger };
    if (claimed.outcome === 'superseded') return settleSuperseded(this.parts, attempt);
    const blockage = blockageOf(subject);
    if (blockage) return this.#park(attempt, blockage);
    if (attempt.claim.attempt > this.#factsOf(attempt).maxAttempts) {
      const error = jobCrashed(attempt.claim.attempt - 1);
      logger.error('A job crashed at every try', { error });
      return settleDead(this.parts, attempt, error);
    }
    return this.#run(attempt);
  }

  async #run(attempt: JobAttempt): Promise<JobOutcome> {
    try {
      return await settleDone(this.parts, attempt, await runHandler(this.parts, attempt));
    } catch (error) {
      return this.#failed(attempt, error);
    }
  }

  async #failed(attempt: JobAttempt, error: unknown): Promise<JobOutcome> {
    const { claim, delivery, logger } = attempt;
    if (isTenonError(error) && error.code === 'JOB_LEASE_LOST') {
      logger.warn('A job was taken over by another worker; nothing of this try was kept');
      return retry(TROUBLE_DELAY_MS, error.code);
    }
    if (delivery.signal.aborted) {
      const countAttempt = delivery.receiveCount > MAX_FREE_RECEIVES;
      await claim.release(this.parts.persistence, { countAttempt });
      return retry(0, 'SHUTDOWN');
    }
    const judgement = judgeFailure(error, this.#factsOf(attempt));
    if (judgement.kind !== 'blocked') return this.#settle(attempt, judgement, error);
    const subject = await loadSubject(this.parts, attempt.message);
    const blockage = subject && blockageOf(subject);
    if (blockage) return this.#park(attempt, blockage);
    return this.#settle(attempt, judgeUnblocked(this.#factsOf(attempt)), error);
  }

  async #settle(attempt: JobAttempt, judgement: Judgement, error: unknown): Promise<JobOutcome> {
    const { logger, claim } = attempt;
    const reason = publicError(error).code;
    if (judgement.kind === 'retry' || judgement.kind === 'defer') {
      const { delayMs, kind } = judgement;
      const countAttempt = kind === 'retry';
      logger.warn(countAttempt ? 'A job failed and is tried again' : 'A job was put off', {
        ...{ delayMs, attempt: claim.attempt, error },
      });
      return settleLater(this.parts, attempt, { delayMs, countAttempt, reason });
    }
    logger.error('A job failed for good', { attempt: claim.attempt, error });
    return settleDead(this.parts, attempt, error);
  }

  async #park(attempt: JobAttempt, { reason, error }: Blockage): Promise<JobOutcome> {
    const letter = await settleParked(this.parts, attempt, { reason, error: publicError(error) });
    attempt.logger.info('A job was parked', { reason, code: error.code });
    try {
      await this.#unparkIfMended(attempt, letter);
    } catch (problem) {
      attempt.logger.warn('A parked job could not be looked at again', { error: problem });
    }
    return { decision: 'ack', result: 'parked' };
  }

  /** Whatever blocked the job may have ended just before it was parked, too early to find it among the parked ones. */
  async #unparkIfMended({ message, logger }: JobAttempt, letter: DeadLetter): Promise<void> {
    const subject = await loadSubject(this.parts, message);
    if (!subject || blockageOf(subject)) return;
    const { tenantId, id } = letter;
    const jobs = await this.parts.persistence.transaction(async (repositories) =>
      (await repositories.deadLetters.delete(tenantId, id))
        ? redriveLetters(repositories, [letter], this.parts)
        : [],
    );
    await sendCommitted(this.parts, jobs, logger);
  }

  #factsOf({ message, subject, claim }: JobAttempt): TryFacts {
    const { platform, settings } = this.parts;
    const definition = subject.integration && findJob(subject.integration, message.job);
    return {
      attempt: claim.attempt,
      maxAttempts: definition?.maxAttempts ?? MAX_ATTEMPTS,
      retryDelayMs: definition?.retryDelayMs ?? RETRY_DELAY_MS,
      deferrals: message.deferrals,
      ageMs: platform.clock.now().getTime() - Date.parse(message.enqueuedAt),
      settings,
      random: randomFraction(platform.crypto),
    };
  }
}
