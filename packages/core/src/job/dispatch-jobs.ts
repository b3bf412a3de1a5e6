import type { Logger } from '../platform/logger.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { OutgoingMessage, Queue } from '../platform/queue.port.js';
import { isTenonError } from '../platform/tenon.error.js';
import type { JobMessage, OutgoingJob } from './job.js';
import type { DispatchParts } from './job-parts.js';

/** FIFO queues keep the order of a group and know no delay of single messages. */
export function isFifo(queue: string): boolean {
  return queue.endsWith('.fifo');
}

/** The part of a job's delay that the queue can take; the rest is spent in the outbox. */
function queueDelayMs(job: OutgoingJob, queue: Queue): number {
  return isFifo(job.queue) ? 0 : Math.min(job.delayMs, queue.capabilities.maxDelayMs);
}

/** JSON in which characters beyond the basic plane are escaped: some queues refuse them, and every parser reads them back. */
function asciiJson(message: JobMessage): string {
  return JSON.stringify(message).replace(
    /[\ud800-\udfff]/g,
    (half) => `\\u${half.charCodeAt(0).toString(16)}`,
  );
}

function toMessage(job: OutgoingJob, queue: Queue): OutgoingMessage {
  const { message } = job;
  return {
    body: asciiJson(message),
    delayMs: queueDelayMs(job, queue),
    ...(isFifo(job.queue) && {
      groupId: job.groupId ?? message.runId ?? message.installationId,
      deduplicationId: job.id,
    }),
  };
}

/** Writes hand-overs in the caller's transaction. What must wait longer than a queue can is held back for the relay. */
export async function addToOutbox(
  repositories: Pick<Repositories, 'outbox'>,
  jobs: readonly OutgoingJob[],
  parts: Pick<DispatchParts, 'queue' | 'platform' | 'settings'>,
): Promise<void> {
  const at = parts.platform.clock.now();
  const byHold = new Map<number, OutgoingJob[]>();
  for (const job of jobs) {
    const held = job.delayMs - queueDelayMs(job, parts.queue);
    byHold.set(held, [...(byHold.get(held) ?? []), job]);
  }
  for (const [held, group] of byHold) {
    const availableAt = new Date(at.getTime() + (held > 0 ? held : parts.settings.relayAfterMs));
    // What is held back on purpose is no backlog: its age begins when it is due.
    await repositories.outbox.add(group, availableAt, held > 0 ? availableAt : at);
  }
}

/** What became of jobs that were to be sent. */
export interface SendReport {
  readonly sent: readonly OutgoingJob[];
  /** Refused by the queue for what they are; sending them again does not help. */
  readonly refused: readonly { readonly job: OutgoingJob; readonly error: unknown }[];
  /** Stay in the outbox. */
  readonly left: readonly { readonly jobs: readonly OutgoingJob[]; readonly error: unknown }[];
}

const REFUSALS = new Set(['QUEUE_MESSAGE_TOO_LARGE', 'QUEUE_INVALID_MESSAGE']);

async function sendGroup(
  queue: Queue,
  name: string,
  jobs: readonly OutgoingJob[],
): Promise<SendReport> {
  try {
    await queue.send(
      name,
      jobs.map((job) => toMessage(job, queue)),
    );
    return { sent: jobs, refused: [], left: [] };
  } catch (error) {
    if (isTenonError(error) && REFUSALS.has(error.code)) return sendSingly(queue, jobs, error);
    const failed = isTenonError(error) ? error.details['failed'] : undefined;
    if (!Array.isArray(failed)) return { sent: [], refused: [], left: [{ jobs, error }] };
    const indices = new Set(failed as readonly unknown[]);
    const left = [{ jobs: jobs.filter((_, index) => indices.has(index)), error }];
    return { sent: jobs.filter((_, index) => !indices.has(index)), refused: [], left };
  }
}

/** One message spoils its batch; the others must not wait for it. */
async function sendSingly(
  queue: Queue,
  jobs: readonly OutgoingJob[],
  error: unknown,
): Promise<SendReport> {
  const [only, ...others] = jobs;
  if (only && others.length === 0) return { sent: [], refused: [{ job: only, error }], left: [] };
  const reports: SendReport[] = [];
  const waiting = new Map<string | undefined, unknown>();
  for (const job of jobs) {
    const { groupId } = toMessage(job, queue);
    const report = waiting.has(groupId)
      ? { sent: [], refused: [], left: [{ jobs: [job], error: waiting.get(groupId) }] }
      : await sendGroup(queue, job.queue, [job]);
    reports.push(report);
    // What could not be sent now goes before what follows it in its group.
    const [left] = report.left;
    if (left && groupId !== undefined) waiting.set(groupId, left.error);
  }
  return join(reports);
}

function join(reports: readonly SendReport[]): SendReport {
  return {
    sent: reports.flatMap(({ sent }) => sent),
    refused: reports.flatMap(({ refused }) => refused),
    left: reports.flatMap(({ left }) => left),
  };
}

/** Sends jobs to their queues, all queues at once, and says what became of each. Never throws. */
export async function sendJobs(queue: Queue, jobs: readonly OutgoingJob[]): Promise<SendReport> {
  const byQueue = new Map<string, OutgoingJob[]>();
  for (const job of jobs) {
    const group = byQueue.get(job.queue);
    if (group) group.push(job);
    else byQueue.set(job.queue, [job]);
  }
  return join(
    await Promise.all([...byQueue].map(([name, group]) => sendGroup(queue, name, group))),
  );
}

/**
 * Sends jobs whose transaction was committed and removes them from the outbox. Never throws: what could not be sent or removed
 * is handed over by the relay, at worst twice.
 */
export async function sendCommitted(
  parts: Pick<DispatchParts, 'persistence' | 'queue'>,
  jobs: readonly OutgoingJob[],
  logger: Logger,
): Promise<void> {
  const due = jobs.filter((job) => job.delayMs <= queueDelayMs(job, parts.queue));
  if (due.length === 0) return;
  const report = await sendJobs(parts.queue, due);
  for (const { jobs: left, error } of report.left) {
    logger.warn('Jobs could not be sent and are handed over later', { count: left.length, error });
  }
  if (report.sent.length === 0) return;
  try {
    await parts.persistence.outbox.remove(report.sent.map(({ id }) => id));
  } catch (error) {
    logger.warn('Sent jobs stay in the outbox and are sent once more', { error });
  }
}
