import { isId } from '../platform/id-generator.port.js';
import { WEBHOOK_JOB } from '../job/job.js';
import type { JobMessage } from '../job/job.js';
import type { JsonValue } from '../platform/json.js';
import type { WebhookDeliveryId } from './webhook-endpoint.js';

/** Input of the job that carries a delivery: the body stays in the database. */
export function webhookJobInput(deliveryId: WebhookDeliveryId): JsonValue {
  return { deliveryId };
}

/** The delivery that a job carries; null for other jobs. */
export function webhookDeliveryIdOf(
  message: Pick<JobMessage, 'job' | 'input'>,
): WebhookDeliveryId | null {
  const { job, input } = message;
  if (job !== WEBHOOK_JOB || typeof input !== 'object' || input === null) return null;
  const id = (input as { readonly deliveryId?: JsonValue }).deliveryId;
  return typeof id === 'string' && isId(id) ? (id as WebhookDeliveryId) : null;
}
