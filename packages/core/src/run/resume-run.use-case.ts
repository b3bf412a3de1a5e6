import { addToOutbox, sendCommitted } from '../job/dispatch-jobs.js';
import type { OutgoingJob } from '../job/job.js';
import { DEFAULT_QUEUE, findJob, newMessage } from '../job/new-job.js';
import { REDRIVE_BATCH, redriveLetters } from '../job/redrive-jobs.js';
import type { DispatchParts, JobParts } from '../job/job-parts.js';
import { NotFoundError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { runNotResumable } from './run.errors.js';
import type { Run, RunId } from './run.js';
import { visibleRun } from './visible-run.js';

interface Step {
  readonly jobs: readonly OutgoingJob[];
  readonly run: Run;
  readonly more: boolean;
}

/**
 * Lets a failed or cancelled run go on where it stopped: its dead and parked jobs are redriven; when it has none and nothing is
 * outstanding, its first job is enqueued again with its input, and sees the checkpoint. Throws `RUN_NOT_FOUND`, `RUN_NOT_RESUMABLE`.
 */
export class ResumeRun {
  constructor(private readonly parts: DispatchParts & Pick<JobParts, 'registry'>) {}

  async execute(context: Context, input: { readonly runId: RunId }): Promise<Run> {
    requireScope(context, 'runs:write');
    const { persistence } = this.parts;
    const { id } = await visibleRun(persistence, context, input.runId);
    for (let first = true; ; first = false) {
      const step = await retryConflicts(() =>
        persistence.transaction((repositories) => this.#step(repositories, context, { id, first })),
      );
      await sendCommitted(this.parts, step.jobs, context.logger);
      if (!step.more) return step.run;
    }
  }

  /** One transaction: at most one batch of dead letters. The run is at work before its jobs are, so that none is parked again. */
  async #step(
    repositories: Repositories,
    context: Context,
    { id, first }: { readonly id: RunId; readonly first: boolean },
  ): Promise<Step> {
    const { tenantId } = context;
    const run = await this.#reopen(repositories, { tenantId, id });
    const filter = { runId: id, reasons: ['failed', 'cancelled'] as const };
    const letters = await repositories.deadLetters.take(tenantId, filter, REDRIVE_BATCH);
    if (letters.length === 0 && run.wasAtWork && first) throw runNotResumable(run.run);
    const rest = { limit: 1, after: null };
    const more = (await repositories.deadLetters.list(tenantId, filter, rest)).items.length > 0;
    let jobs = await redriveLetters(repositories, letters, this.parts);
    if (first && letters.length === 0 && run.run.pendingJobs === 0) {
      jobs = [await this.#startAgain(repositories, context, run.run)];
    }
    const current = await this.#find(repositories, { tenantId, id });
    // Jobs that were discarded keep no dead letter, and belong to the time before the resumption.
    const forget = !more && current.deadJobs > 0 ? -current.deadJobs : 0;
    const at = this.parts.platform.clock.now();
    const change = { deadJobs: forget, at };
    const settled = await repositories.runs.advance(tenantId, id, change);
    return { jobs, run: settled ?? current, more };
  }

  async #find(
    { runs }: Repositories,
    { tenantId, id }: { readonly tenantId: Run['tenantId']; readonly id: RunId },
  ): Promise<Run> {
    const run = await runs.find(tenantId, id);
    if (!run) throw new NotFoundError('run', id);
    return run;
  }

  async #reopen(
    repositories: Repositories,
    owner: { readonly tenantId: Run['tenantId']; readonly id: RunId },
  ): Promise<{ readonly run: Run; readonly wasAtWork: boolean }> {
    const run = await this.#find(repositories, owner);
    if (run.state === 'running' || run.state === 'queued') return { run, wasAtWork: true };
    if (run.state === 'succeeded') throw runNotResumable(run);
    const updatedAt = this.parts.platform.clock.now();
    const change = { state: 'running', error: null, finishedAt: null, updatedAt } as const;
    return { run: await repositories.runs.update({ ...run, ...change }), wasAtWork: false };
  }

  async #startAgain(repositories: Repositories, context: Context, run: Run): Promise<OutgoingJob> {
    const { tenantId, installationId, id: runId, job, input } = run;
    const origin = { tenantId, installationId, runId, requestId: context.requestId };
    const installation = await repositories.installations.find(tenantId, installationId);
    const integration = this.parts.registry.findIntegration(installation?.integration ?? '');
    const outgoing: OutgoingJob = {
      id: this.parts.platform.ids.next(),
      message: newMessage(this.parts, origin, { job, input, key: null }),
      queue: (integration && findJob(integration, job)?.queue) ?? DEFAULT_QUEUE,
      delayMs: 0,
      groupId: null,
    };
    await addToOutbox(repositories, [outgoing], this.parts);
    const at = this.parts.platform.clock.now();
    await repositories.runs.advance(tenantId, runId, { pendingJobs: 1, at });
    return outgoing;
  }
}
