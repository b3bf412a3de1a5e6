import { NotFoundError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { addToOutbox, sendCommitted } from './dispatch-jobs.js';
import { jobOutOfReach } from './job.errors.js';
import type { DispatchParts } from './job-parts.js';
import type { JobId, OutgoingJob } from './job.js';
import { visibleJob } from './job-view.js';
import type { FoundJob } from './job-view.js';
import { redriveLetters } from './redrive-jobs.js';

/**
 * Runs a job now: one that stopped gets fresh attempts, one that waits does not wait any longer. Throws `JOB_NOT_FOUND`,
 * `JOB_OUT_OF_REACH` for jobs that are at work, on their queue or done, `RUN_CANCELLED`.
 */
export class RetryJob {
  constructor(private readonly parts: DispatchParts) {}

  async execute(context: Context, { jobId }: { readonly jobId: JobId }): Promise<void> {
    requireScope(context, 'runs:write');
    const { persistence, platform } = this.parts;
    const now = platform.clock.now();
    const found = await visibleJob(persistence, context, { jobId, now });
    const { state } = found.view;
    if (state === 'working' || state === 'queued' || state === 'done')
      throw jobOutOfReach(jobId, state);
    const jobs = await retryConflicts(() =>
      persistence.transaction((repositories) => this.#again(repositories, found)),
    );
    await sendCommitted(this.parts, jobs, context.logger);
  }

  async #again(
    repositories: Repositories,
    { view, letter, waiting }: FoundJob,
  ): Promise<readonly OutgoingJob[]> {
    const { ids } = this.parts.platform;
    if (letter) {
      // Of two that redrive the same one, one finds it.
      if (await repositories.deadLetters.delete(letter.tenantId, letter.id))
        return redriveLetters(repositories, [letter], this.parts);
      throw new NotFoundError('job', view.id);
    }
    // A relay may be sending it just now: then it is handed over twice, and runs once.
    await repositories.outbox.remove(waiting.map(({ id }) => id));
    const jobs = waiting.slice(0, 1).map(({ message, queue, groupId }) => {
      return { id: ids.next<OutgoingJob['id']>(), message, queue, groupId, delayMs: 0 };
    });
    await addToOutbox(repositories, jobs, this.parts);
    return jobs;
  }
}
