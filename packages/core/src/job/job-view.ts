import type { InstallationId } from '../installation/installation.js';
import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { JsonValue } from '../platform/json.js';
import type { PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { RunId } from '../run/run.js';
import type { DeadLetter, DeadLetterId, DeadLetterReason } from './dead-letter.js';
import type { InboxEntry } from './inbox-repository.port.js';
import { inboxKey } from './job.js';
import type { JobId, JobMessage } from './job.js';
import type { WaitingJob } from './outbox-repository.port.js';

/**
 * `waiting`: not handed to its queue yet, for a delay or a put-off, or because the queue did not answer; `working`: a worker has
 * claimed it; `queued`: it was tried and is on its queue again; `done`; `dead`: it stopped for good; `parked`: it stopped until
 * its cause ends. A job that lies on its queue untried is known to the queue alone: queues can be counted, not read.
 */
export type JobState = 'waiting' | 'queued' | 'working' | 'done' | 'dead' | 'parked';

/** What is known of one job. Null stands for what only its message tells, while that is on a queue. */
export interface JobView {
  readonly id: JobId;
  readonly installationId: InstallationId;
  readonly state: JobState;
  readonly runId: RunId | null;
  readonly job: string | null;
  readonly queue: string | null;
  /** Tries so far that counted. */
  readonly attempts: number;
  readonly enqueuedAt: Date | null;
  /** Of a waiting job: not handed over before. */
  readonly availableAt: Date | null;
  /** Of a job that stopped. */
  readonly deadLetterId: DeadLetterId | null;
  readonly reason: DeadLetterReason | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly input: JsonValue;
}

/** Input of `jobs.list`. */
export interface ListJobsInput extends PageRequest {
  /** Default: `waiting`. */
  readonly state?: 'waiting' | 'dead' | 'parked' | undefined;
  readonly installationId?: InstallationId | undefined;
}

const NOTHING = { availableAt: null, deadLetterId: null, reason: null, error: null } as const;

function ofMessage(message: JobMessage) {
  const { id, installationId, runId, job, input } = message;
  return { id, installationId, runId, job, input, enqueuedAt: new Date(message.enqueuedAt) };
}

/** A job that waits to be handed over. */
export function ofWaiting({ message, queue, availableAt }: WaitingJob, attempts: number): JobView {
  return { ...NOTHING, ...ofMessage(message), state: 'waiting', queue, availableAt, attempts };
}

/** A job that stopped. */
export function ofDeadLetter(letter: DeadLetter): JobView {
  const { id: deadLetterId, message, queue, attempts, reason, error } = letter;
  const state = reason === 'failed' ? 'dead' : 'parked';
  return { ...NOTHING, ...ofMessage(message), state, queue, attempts, deadLetterId, reason, error };
}

/** Where a job is, and what of it is stored there. */
export interface FoundJob {
  readonly view: JobView;
  readonly letter: DeadLetter | null;
  readonly waiting: readonly WaitingJob[];
}

type JobRepositories = Pick<Repositories, 'deadLetters' | 'inbox' | 'outbox' | 'installations'>;

/** More hand-overs of one job at once there are not. */
const FEW = { limit: 10, after: null };

const claimedUntil = (entry: InboxEntry | null, now: Date): boolean =>
  entry?.leaseUntil !== null && entry?.leaseUntil !== undefined && entry.leaseUntil > now;

function ofEntry(id: JobId, entry: InboxEntry, state: JobState): JobView {
  const { installationId, attempts } = entry;
  const unknown = { runId: null, job: null, queue: null, enqueuedAt: null, input: null };
  return { ...NOTHING, ...unknown, id, installationId, attempts, state };
}

async function lookFor(
  repositories: JobRepositories,
  { tenantId }: Context,
  { jobId, now }: { readonly jobId: JobId; readonly now: Date },
): Promise<FoundJob | null> {
  const entry = await repositories.inbox.find(tenantId, inboxKey({ id: jobId }));
  const waiting = (await repositories.outbox.list(tenantId, { jobId }, FEW)).items;
  const { items } = await repositories.deadLetters.list(tenantId, { jobId }, FEW);
  const letter = items[0] ?? null;
  const found = (view: JobView): FoundJob => ({ view, letter, waiting });
  const [first] = waiting;
  if (entry && claimedUntil(entry, now)) {
    const known = first && ofWaiting(first, entry.attempts);
    return found(known ? { ...known, state: 'working' } : ofEntry(jobId, entry, 'working'));
  }
  if (letter) return found(ofDeadLetter(letter));
  if (entry && entry.keepUntil !== null) return found(ofEntry(jobId, entry, 'done'));
  if (first) return found(ofWaiting(first, entry?.attempts ?? 0));
  // A key that belongs to several jobs is no job.
  return entry && !jobId.includes('/') ? found(ofEntry(jobId, entry, 'queued')) : null;
}

/**
 * Looks for a job that the caller may see. @throws NotFoundError `JOB_NOT_FOUND` also for jobs that lie on their queue untried, and
 * for those that were done so long ago that they are forgotten.
 */
export async function visibleJob(
  repositories: JobRepositories,
  context: Context,
  of: { readonly jobId: JobId; readonly now: Date },
): Promise<FoundJob> {
  visibleUser(context);
  const found = await lookFor(repositories, context, of);
  if (found && context.visibility === 'tenant') return found;
  const owner = found?.view.installationId;
  const installation = owner && (await repositories.installations.find(context.tenantId, owner));
  if (found && installation && mayAccess(context, installation.userId)) return found;
  throw new NotFoundError('job', of.jobId);
}
