import type { Clock } from '../platform/clock.port.js';
import { ValidationError } from '../platform/common.errors.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Run } from '../run/run.js';
import { webhookDeliveryIdOf } from '../webhook/webhook-job.js';
import { jobDiscarded } from './job.errors.js';
import type { JobMessage } from './job.js';

const MAX_REASON = 500;

/** @throws ValidationError for an empty or too long reason. */
export function checkDiscardReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= MAX_REASON) return;
  const issues = [{ path: 'reason', message: `it has 1 to ${MAX_REASON} characters` }];
  throw new ValidationError('The discarding', issues);
}

/** Tells delivery and run that a job was given up. Answers the run, when the job was still outstanding for it. */
export async function giveUpJob(
  repositories: Repositories,
  message: JobMessage,
  how: { readonly reason: string; readonly outstanding: boolean; readonly clock: Clock },
): Promise<Run | null> {
  const { tenantId, runId } = message;
  const at = how.clock.now();
  const error = jobDiscarded(how.reason);
  const deliveryId = webhookDeliveryIdOf(message);
  if (deliveryId !== null) {
    const dead = { status: 'dead', reason: error.message, at } as const;
    await repositories.webhookDeliveries.settle(tenantId, deliveryId, dead);
  }
  if (runId === null || !how.outstanding) return null;
  return repositories.runs.advance(tenantId, runId, { pendingJobs: -1, deadJobs: 1, error, at });
}
