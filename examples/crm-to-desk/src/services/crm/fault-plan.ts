import { setTimeout as sleep } from 'node:timers/promises';

import { ServiceError } from '../http/service-error.js';

/** What is made to go wrong in one part of the service. */
export interface FaultPlan {
  /** How many of the next requests are answered with `status`. */
  failNext: number;
  /** The status of these answers. */
  status: number;
  /** How long every request waits before it is handled, in milliseconds. */
  latencyMs: number;
  /** How many requests were failed so far. */
  failed: number;
}

/** A plan in which nothing goes wrong. */
export function noFaults(): FaultPlan {
  return { failNext: 0, status: 503, latencyMs: 0, failed: 0 };
}

/**
 * Waits as long as the plan says and decides whether this request fails.
 * @throws ServiceError with the plan's status.
 */
export async function sufferFaults(plan: FaultPlan): Promise<void> {
  if (plan.latencyMs > 0) await sleep(plan.latencyMs);
  if (plan.failNext <= 0) return;
  plan.failNext -= 1;
  plan.failed += 1;
  throw new ServiceError(plan.status, 'service_unavailable', {
    message: 'The service cannot answer right now.',
  });
}
