import type { Commands, InstallationId, WebhookDelivery, WebhookEndpointId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, isoOrNull, mapPage, pageOf, pageQuery, time } from './schemas.js';

const status = z.enum(['accepted', 'processed', 'skipped', 'dead']);

const deliveryDto = z
  .object({
    id: z.string(),
    deliveryKey: z.string(),
    contentType: z.string(),
    status,
    reason: z.string().nullable(),
    createdAt: time,
    settledAt: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

function toDeliveryDto(delivery: Omit<WebhookDelivery, 'body'>): z.input<typeof deliveryDto> {
  return {
    id: delivery.id,
    deliveryKey: delivery.deliveryKey,
    contentType: delivery.contentType,
    status: delivery.status,
    reason: delivery.reason,
    createdAt: delivery.createdAt.toISOString(),
    settledAt: isoOrNull(delivery.settledAt),
  };
}

function flatHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

/** Webhooks of providers. */
export function webhookRoutes({ webhooks }: Pick<Commands, 'webhooks'>): Route[] {
  const tag = 'Webhooks';
  return [
    route({
      operationId: 'receiveWebhook',
      method: 'post',
      path: '/api/webhooks/:endpointId',
      tag,
      summary: 'Receive a webhook of a provider',
      description:
        "Verified by the connector's scheme over the raw body. Answers as soon as the delivery is stored.",
      auth: 'none',
      params: z.object({ endpointId: idOf<WebhookEndpointId>('webhook endpoint') }),
      status: 202,
      result: z.object({ status: z.enum(['accepted', 'duplicate']) }),
      handle: ({ context, params: { endpointId }, request, rawBody }) =>
        webhooks.receive(context, {
          endpointId,
          headers: flatHeaders(request.headers),
          rawBody,
        }),
    }),
    route({
      operationId: 'listWebhookDeliveries',
      method: 'get',
      path: '/api/installations/:installationId/webhook-deliveries',
      tag,
      summary: 'List deliveries and what became of them',
      auth: 'user',
      scope: 'installations:read',
      params: z.object({ installationId: idOf<InstallationId>('installation') }),
      query: z.strictObject({ ...pageQuery, status: status.optional() }),
      result: pageOf(deliveryDto),
      handle: async ({ context, params: { installationId }, query }) =>
        mapPage(
          await webhooks.listDeliveries(context, { installationId, ...query }),
          toDeliveryDto,
        ),
    }),
  ];
}
