import type { Handling } from '../integration/handling.js';
import type {
  ConnectionSlots,
  SchemaMap,
  WebhookContext,
} from '../integration/integration-context.js';
import type { Integration } from '../integration/integration.js';
import type { JobParts } from '../job/job-parts.js';
import { NotFoundError } from '../platform/common.errors.js';
import type { StandardSchemaV1 } from '../platform/standard-schema.js';
import { parseWebhookBody } from './parse-webhook-body.js';
import type { WebhookDelivery, WebhookDeliveryId } from './webhook-endpoint.js';

/** How a delivery ended. */
export interface DeliverySettlement {
  readonly id: WebhookDeliveryId;
  readonly status: 'processed' | 'skipped';
  readonly reason: string | null;
}

type AnyWebhookContext = WebhookContext<ConnectionSlots, StandardSchemaV1, SchemaMap>;

const MAX_REASON = 500;

async function loadDelivery(
  { persistence }: Pick<JobParts, 'persistence'>,
  tenantId: WebhookDelivery['tenantId'],
  id: WebhookDeliveryId | null,
): Promise<WebhookDelivery> {
  const delivery = id && (await persistence.webhookDeliveries.find(tenantId, id));
  if (!delivery) throw new NotFoundError('webhook delivery', id ?? '');
  return delivery;
}

/**
 * Hands a stored delivery to the handler of its slot and answers how it ended; null when it had ended before.
 * @throws what the handler throws.
 */
export async function handleDelivery(
  parts: Pick<JobParts, 'persistence'>,
  job: {
    readonly integration: Integration;
    readonly handling: Handling;
    readonly id: WebhookDeliveryId | null;
  },
): Promise<DeliverySettlement | null> {
  const { context, effects } = job.handling;
  const delivery = await loadDelivery(parts, context.tenantId, job.id);
  const { id, deliveryKey, createdAt: receivedAt } = delivery;
  if (delivery.status !== 'accepted') return null;
  const endpoint = await parts.persistence.webhookEndpoints.findById(delivery.endpointId);
  const handlers = job.integration.webhooks ?? {};
  const slot = endpoint?.slot ?? '';
  const handler = Object.hasOwn(handlers, slot) ? handlers[slot] : undefined;
  if (!handler) {
    const reason = `The integration has no webhook handler for the slot '${slot}'`;
    return { id, status: 'skipped', reason };
  }
  const skip: { reason: string | null } = { reason: null };
  const full: AnyWebhookContext = {
    ...context,
    event: { deliveryKey, data: parseWebhookBody(delivery.body.reveal()), receivedAt },
    skip: (reason) => {
      effects.assertOpen('skip');
      skip.reason = reason.slice(0, MAX_REASON);
    },
  };
  await handler(full);
  return { id, status: skip.reason === null ? 'processed' : 'skipped', reason: skip.reason };
}
