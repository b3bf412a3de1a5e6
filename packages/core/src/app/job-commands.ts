import type { JobDelivery, JobOutcome } from '../job/job-delivery.js';
import type { JobId } from '../job/job.js';
import type { TriedJob, TryRunInput } from '../job/tried-job.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { JobView, ListJobsInput } from '../job/job-view.js';
import type { AppContext, Context } from '../platform/context.js';
import type { Page } from '../platform/page.js';

/** The commands of jobs. */
export interface JobCommands {
  /** Runs one job message. Never throws: every failure becomes an outcome. */
  process(context: AppContext, delivery: JobDelivery): Promise<JobOutcome>;
  /** Starts a run whose first job is tried once, here. */
  tryRun(context: Context, input: TryRunInput): Promise<TriedJob>;
  /** Tries the job of a queue message once, here. */
  tryMessage(
    context: AppContext,
    input: {
      readonly body: string;
      readonly queue: string;
      readonly signal: CancellationSignal;
    },
  ): Promise<TriedJob>;
  /** Hands over what committed transactions left in the outbox. Answers how many. */
  relayOutbox(
    context: AppContext,
    input: { readonly limit?: number },
  ): Promise<{ readonly relayed: number }>;
  /** Jobs that wait, or that stopped, newest first. What lies on a queue can be counted, not listed. */
  list(context: Context, input: ListJobsInput): Promise<Page<JobView>>;
  /** @throws NotFoundError `JOB_NOT_FOUND`. */
  get(context: Context, input: { readonly jobId: JobId }): Promise<JobView>;
  /** Runs a job now that waits or has stopped. @throws TenonError `JOB_OUT_OF_REACH`. */
  retry(context: Context, input: { readonly jobId: JobId }): Promise<void>;
  /** Gives a job up that waits or has stopped. @throws TenonError `JOB_OUT_OF_REACH`. */
  discard(
    context: Context,
    input: { readonly jobId: JobId; readonly reason: string },
  ): Promise<void>;
}
