import { NotFoundError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { announceAdvanced } from '../run/announce-run.js';
import type { Run } from '../run/run.js';
import { checkDiscardReason, giveUpJob } from './give-up-job.js';
import { jobOutOfReach } from './job.errors.js';
import type { DispatchParts, JobParts } from './job-parts.js';
import { inboxKey } from './job.js';
import type { JobId, JobMessage } from './job.js';
import { visibleJob } from './job-view.js';
import type { FoundJob } from './job-view.js';

type Parts = Pick<JobParts, 'persistence' | 'platform' | 'events'> &
  Pick<DispatchParts, 'settings'>;

/**
 * Gives a job up that waits or has stopped, with a reason. For its run it has failed. Throws `JOB_NOT_FOUND`, `JOB_OUT_OF_REACH` for
 * jobs that are at work, on their queue or done, `VALIDATION_FAILED` for an empty reason.
 */
export class DiscardJob {
  constructor(private readonly parts: Parts) {}

  async execute(
    context: Context,
    input: { readonly jobId: JobId; readonly reason: string },
  ): Promise<void> {
    requireScope(context, 'runs:write');
    const { jobId, reason } = input;
    checkDiscardReason(reason);
    const { persistence, platform, events } = this.parts;
    const found = await visibleJob(persistence, context, { jobId, now: platform.clock.now() });
    const run = await persistence.transaction((repositories) =>
      found.letter
        ? this.#stopped(repositories, found, reason)
        : this.#waiting(repositories, found, reason),
    );
    announceAdvanced(events, run, 1);
    context.logger.info('A job was discarded', { jobId, reason });
  }

  async #stopped(repositories: Repositories, found: FoundJob, reason: string): Promise<Run | null> {
    const { letter, view } = found;
    if (!letter || !(await repositories.deadLetters.delete(letter.tenantId, letter.id)))
      throw new NotFoundError('job', view.id);
    const { clock } = this.parts.platform;
    const outstanding = letter.reason !== 'failed';
    return giveUpJob(repositories, letter.message, { reason, outstanding, clock });
  }

  async #waiting(
    repositories: Repositories,
    { waiting, view }: FoundJob,
    reason: string,
  ): Promise<Run | null> {
    const [first] = waiting;
    if (!first || view.state !== 'waiting') throw jobOutOfReach(view.id, view.state);
    await this.#close(repositories, first.message);
    await repositories.outbox.remove(waiting.map(({ id }) => id));
    const { clock } = this.parts.platform;
    return giveUpJob(repositories, first.message, { reason, outstanding: true, clock });
  }

  /** The job counts as done: a relay that is sending it just now sends a duplicate. */
  async #close({ inbox }: Repositories, message: JobMessage): Promise<void> {
    const { platform, settings } = this.parts;
    const { tenantId, installationId, id } = message;
    const now = platform.clock.now();
    const lease = { tenantId, key: inboxKey(message), owner: platform.crypto.randomToken(16) };
    const claim = { ...lease, installationId, leaseMs: settings.leaseMs, now };
    const { outcome } = await inbox.claim(claim);
    if (outcome !== 'claimed') throw jobOutOfReach(id, outcome === 'done' ? 'done' : 'working');
    await inbox.complete(lease, new Date(now.getTime() + settings.keepDoneMs));
  }
}
