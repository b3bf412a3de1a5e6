import type { Logger } from '../platform/logger.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { runCancelled } from '../run/run.errors.js';
import type { Run, RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';
import { webhookDeliveryIdOf } from '../webhook/webhook-job.js';
import type { DeadLetterFilter } from './dead-letter-repository.port.js';
import type { DeadLetter } from './dead-letter.js';
import { addToOutbox, sendCommitted } from './dispatch-jobs.js';
import type { DispatchParts } from './job-parts.js';
import { inboxKey } from './job.js';
import type { OutgoingJob } from './job.js';

/** How many dead letters one transaction redrives. */
export const REDRIVE_BATCH = 200;

/** Counts the jobs as outstanding again; a failed run is at work again. Parked jobs never stopped to be outstanding. */
async function reopenRun(
  repositories: Repositories,
  owner: { readonly tenantId: TenantId; readonly runId: RunId },
  change: { readonly jobs: number; readonly at: Date },
): Promise<void> {
  const { tenantId, runId } = owner;
  const run = await repositories.runs.find(tenantId, runId);
  if (!run) return;
  if (run.state === 'cancelled') throw runCancelled(runId);
  if (run.state === 'running' || run.state === 'queued') {
    const { jobs, at } = change;
    await repositories.runs.advance(tenantId, runId, { pendingJobs: jobs, deadJobs: -jobs, at });
    return;
  }
  await repositories.runs.update(reopened(run, change));
}

function reopened(run: Run, { jobs, at }: { readonly jobs: number; readonly at: Date }): Run {
  return {
    ...run,
    state: 'running',
    pendingJobs: run.pendingJobs + jobs,
    deadJobs: Math.max(0, run.deadJobs - jobs),
    error: null,
    finishedAt: null,
    updatedAt: at,
  };
}

function failedByRun(letters: readonly DeadLetter[]): ReadonlyMap<RunId, number> {
  const counts = new Map<RunId, number>();
  for (const { runId, reason } of letters) {
    if (runId !== null && reason === 'failed') counts.set(runId, (counts.get(runId) ?? 0) + 1);
  }
  return counts;
}

function toOutgoing(letter: DeadLetter, parts: DispatchParts, at: Date): OutgoingJob {
  return {
    id: parts.platform.ids.next(),
    message: { ...letter.message, deferrals: 0, enqueuedAt: at.toISOString() },
    queue: letter.queue,
    delayMs: 0,
    groupId: letter.groupId,
  };
}

/**
 * Puts dead letters that were removed in the same transaction on their way again, with fresh attempts. Send the answer after the
 * commit. @throws TenonError `RUN_CANCELLED` for failed jobs of a cancelled run.
 */
export async function redriveLetters(
  repositories: Repositories,
  letters: readonly DeadLetter[],
  parts: DispatchParts,
): Promise<readonly OutgoingJob[]> {
  const at = parts.platform.clock.now();
  const tenantId = letters[0]?.tenantId;
  if (tenantId === undefined) return [];
  for (const [runId, jobs] of failedByRun(letters)) {
    await reopenRun(repositories, { tenantId, runId }, { jobs, at });
  }
  for (const { message, reason } of letters) {
    await repositories.inbox.forget(tenantId, inboxKey(message));
    const deliveryId = webhookDeliveryIdOf(message);
    if (deliveryId === null || reason !== 'failed') continue;
    const accepted = { status: 'accepted', reason: null, at: null } as const;
    await repositories.webhookDeliveries.settle(tenantId, deliveryId, accepted);
  }
  const jobs = letters.map((letter) => toOutgoing(letter, parts, at));
  await addToOutbox(repositories, jobs, parts);
  return jobs;
}

/**
 * Redrives all dead letters that match, in batches of one transaction each. Those whose cause still holds are parked again.
 * Answers how many.
 */
export async function redriveMatching(
  parts: DispatchParts,
  match: { readonly tenantId: TenantId; readonly filter: DeadLetterFilter },
  logger: Logger,
): Promise<number> {
  const { tenantId, filter } = match;
  const began = parts.platform.clock.now();
  for (let total = 0; ;) {
    const jobs = await retryConflicts(() =>
      parts.persistence.transaction(async (repositories) => {
        const letters = await repositories.deadLetters.take(tenantId, filter, REDRIVE_BATCH);
        // Parked again since this began: taking those too would never end.
        const again = letters.filter(({ createdAt }) => createdAt > began);
        for (const letter of again) await repositories.deadLetters.insert(letter);
        const before = letters.filter(({ createdAt }) => createdAt <= began);
        return redriveLetters(repositories, before, parts);
      }),
    );
    await sendCommitted(parts, jobs, logger);
    total += jobs.length;
    if (jobs.length < REDRIVE_BATCH) return total;
  }
}
