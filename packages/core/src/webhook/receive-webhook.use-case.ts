import { verifyWebhook } from '../connector/verify-webhook.js';
import type { WebhookRequest } from '../connector/webhook-scheme.js';
import { addToOutbox, sendCommitted } from '../job/dispatch-jobs.js';
import type { JobParts } from '../job/job-parts.js';
import { WEBHOOK_JOB } from '../job/job.js';
import type { OutgoingJob } from '../job/job.js';
import { DEFAULT_QUEUE, newMessage } from '../job/new-job.js';
import { NotFoundError } from '../platform/common.errors.js';
import type { AppContext } from '../platform/context.js';
import { secret } from '../platform/secret.js';
import { decodeUtf8 } from '../platform/utf8.js';
import { parseWebhookBody } from './parse-webhook-body.js';
import type {
  WebhookDelivery,
  WebhookDeliveryId,
  WebhookEndpoint,
  WebhookEndpointId,
} from './webhook-endpoint.js';
import { webhookJobInput } from './webhook-job.js';
import { webhookBodyNotText, webhookBodyTooLarge, webhookNotReady } from './webhook.errors.js';

/** The largest body of a delivery, in bytes. */
export const MAX_WEBHOOK_BYTES = 1024 * 1024;
const MAX_CONTENT_TYPE = 200;

type Input = WebhookRequest & { readonly endpointId: WebhookEndpointId };

/**
 * Accepts a webhook: proves that it is the provider's, keeps it as it came, and queues a job for its handler, all before it answers
 * and in one transaction. A delivery that was accepted before is accepted once more without effect. Disabled installations accept too;
 * their jobs are parked. Throws `WEBHOOK_ENDPOINT_NOT_FOUND`, `WEBHOOK_NOT_READY`, `WEBHOOK_SIGNATURE_INVALID`,
 * `WEBHOOK_BODY_TOO_LARGE`, `WEBHOOK_BODY_INVALID`.
 */
export class ReceiveWebhook {
  constructor(private readonly parts: JobParts) {}

  async execute(
    context: AppContext,
    input: Input,
  ): Promise<{ readonly status: 'accepted' | 'duplicate' }> {
    const endpoint = await this.#endpoint(input.endpointId);
    const { deliveryKey, body } = this.#verify(endpoint, input);
    const { tenantId, installationId, connector } = endpoint;
    const delivery = this.#delivery(endpoint, input, { deliveryKey, body });
    const job = this.#job(endpoint, delivery.id, context.requestId);
    const { persistence, events } = this.parts;
    const inserted = await persistence.transaction(async (repositories) => {
      if (!(await repositories.webhookDeliveries.insert(delivery))) return false;
      await addToOutbox(repositories, [job], this.parts);
      return true;
    });
    if (!inserted) return { status: 'duplicate' };
    events.publish(tenantId, 'webhook.accepted', { installationId, connector, deliveryKey });
    await sendCommitted(this.parts, [job], context.logger);
    return { status: 'accepted' };
  }

  async #endpoint(id: WebhookEndpointId): Promise<WebhookEndpoint> {
    const { webhookEndpoints, installations } = this.parts.persistence;
    const endpoint = await webhookEndpoints.findById(id);
    const installation =
      endpoint && (await installations.find(endpoint.tenantId, endpoint.installationId));
    if (endpoint && installation && installation.status !== 'deleting') return endpoint;
    throw new NotFoundError('webhook endpoint', id);
  }

  #verify(
    { connector, slot, signingSecret }: WebhookEndpoint,
    input: Input,
  ): { readonly deliveryKey: string; readonly body: string } {
    const { rawBody } = input;
    if (rawBody.length > MAX_WEBHOOK_BYTES) {
      throw webhookBodyTooLarge(rawBody.length, MAX_WEBHOOK_BYTES);
    }
    const scheme = this.parts.registry.connector(connector).webhooks;
    if (!scheme || !signingSecret) throw webhookNotReady(slot);
    const { clock, crypto } = this.parts.platform;
    const proof = { secret: signingSecret.reveal(), now: clock.now(), crypto };
    const { deliveryKey } = verifyWebhook(scheme, input, proof);
    const body = decodeUtf8(rawBody);
    if (body === null) throw webhookBodyNotText();
    parseWebhookBody(body);
    return { deliveryKey, body };
  }

  #delivery(
    { tenantId, installationId, id: endpointId }: WebhookEndpoint,
    { headers }: Input,
    content: { readonly deliveryKey: string; readonly body: string },
  ): WebhookDelivery {
    return {
      id: this.parts.platform.ids.next(),
      tenantId,
      installationId,
      endpointId,
      deliveryKey: content.deliveryKey,
      body: secret(content.body),
      contentType: (headers['content-type'] ?? 'application/json').slice(0, MAX_CONTENT_TYPE),
      status: 'accepted',
      reason: null,
      createdAt: this.parts.platform.clock.now(),
      settledAt: null,
    };
  }

  #job(endpoint: WebhookEndpoint, id: WebhookDeliveryId, requestId: string): OutgoingJob {
    const { tenantId, installationId } = endpoint;
    const origin = { tenantId, installationId, runId: null, requestId };
    const job = { job: WEBHOOK_JOB, input: webhookJobInput(id), key: null };
    return {
      id: this.parts.platform.ids.next(),
      message: newMessage(this.parts, origin, job),
      queue: DEFAULT_QUEUE,
      delayMs: 0,
      groupId: endpoint.id,
    };
  }
}
