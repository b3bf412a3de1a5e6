import type { InstallationId, InstallationMessage } from '../installation/installation.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { RunAdvance } from '../run/run-repository.port.js';
import type { Run, RunId, RunProgressDelta } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';
import { addToOutbox } from './dispatch-jobs.js';
import { handlerEnded } from './job.errors.js';
import type { DispatchParts } from './job-parts.js';
import type { OutgoingJob } from './job.js';

type NewMessage = Omit<InstallationMessage, 'count'>;
type RunChange = Pick<RunAdvance, 'checkpoint' | 'result'>;

/** What a handler wants changed, as one batch. */
export interface EffectBatch {
  readonly jobs: readonly OutgoingJob[];
  readonly runs: readonly Run[];
  readonly messages: readonly NewMessage[];
  /** Change of the current run, without the count of its jobs. */
  readonly run: RunChange & { readonly progress: RunProgressDelta };
}

/** Adds progress; the last total counts. */
export function addProgress(sum: RunProgressDelta, delta: RunProgressDelta): RunProgressDelta {
  const total = delta.total ?? sum.total;
  return {
    ...(total !== undefined && { total }),
    processed: (sum.processed ?? 0) + (delta.processed ?? 0),
    succeeded: (sum.succeeded ?? 0) + (delta.succeeded ?? 0),
    failed: (sum.failed ?? 0) + (delta.failed ?? 0),
    skipped: (sum.skipped ?? 0) + (delta.skipped ?? 0),
  };
}

/** Collects what a handler wants changed until its use case commits it together with its own change, or drops it. */
export class Effects {
  #jobs: OutgoingJob[] = [];
  #runs: Run[] = [];
  #messages: NewMessage[] = [];
  #progress: RunProgressDelta = {};
  #change: RunChange = {};
  #ended = false;
  #failure: { readonly error: unknown } | null = null;

  /** @throws TenonError `HANDLER_ENDED` when the handler is over. */
  assertOpen(what: string): void {
    if (this.#ended) throw handlerEnded(what);
  }

  /** Refuses everything from now on. */
  end(): void {
    this.#ended = true;
  }

  /** A batch was taken and could not be kept: nothing that came after it may be kept either. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  addJob(job: OutgoingJob): void {
    this.#jobs.push(job);
  }

  /** The buffered job with this key, if there is one. */
  jobWithKey(key: string): OutgoingJob | undefined {
    return this.#jobs.find(({ message }) => message.key === key);
  }

  addRun(run: Run): void {
    this.#runs.push(run);
  }

  runWithKey(key: string): Run | undefined {
    return this.#runs.find((run) => run.key === key);
  }

  addMessage(message: NewMessage): void {
    this.#messages.push(message);
  }

  addProgress(delta: RunProgressDelta): void {
    this.#progress = addProgress(this.#progress, delta);
  }

  changeRun(change: RunChange): void {
    this.#change = { ...this.#change, ...change };
  }

  /** Takes out what was collected. @throws what a batch before it failed with. */
  take(): EffectBatch {
    if (this.#failure) throw this.#failure.error;
    const batch = {
      jobs: this.#jobs,
      runs: this.#runs,
      messages: this.#messages,
      run: { ...this.#change, progress: this.#progress },
    };
    this.#jobs = [];
    this.#runs = [];
    this.#messages = [];
    this.#progress = {};
    this.#change = {};
    return batch;
  }
}

/** Whose effects. */
export interface EffectOwner {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
}

/** How many of the jobs belong to the run. */
export function jobsOfRun(batch: EffectBatch, runId: RunId): number {
  return batch.jobs.filter(({ message }) => message.runId === runId).length;
}

/** Writes new runs, hand-overs and messages in the caller's transaction. The current run is advanced by the caller. */
export async function writeEffects(
  repositories: Repositories,
  batch: EffectBatch,
  owner: EffectOwner & { readonly parts: Pick<DispatchParts, 'queue' | 'platform' | 'settings'> },
): Promise<void> {
  for (const run of batch.runs) await repositories.runs.insert(run);
  if (batch.jobs.length > 0) await addToOutbox(repositories, batch.jobs, owner.parts);
  for (const message of batch.messages) {
    await repositories.installations.addMessage(owner.tenantId, owner.installationId, message);
  }
}
