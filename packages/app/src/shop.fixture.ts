import { createHmac } from 'node:crypto';
import { defineConnector, defineIntegration } from '@tenon/core';
import type { Integration } from '@tenon/core';
import { startScriptedServer } from '@tenon/testing';
import type { RecordedRequest, ScriptedAnswer, ScriptedServer } from '@tenon/testing';
import { z } from 'zod';

/** The key that the shop accepts. */
export const SHOP_KEY = 'canary-shop-key-51c7';
/** What the shop signs its webhooks with. */
export const SHOP_SECRET = 'whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0';

/** A third-party API on loopback, with what it was sent. */
export interface Shop {
  readonly server: ScriptedServer;
  /** Ids that jobs have written, in the order of arrival. */
  readonly written: string[];
  /** Statuses of the next writes; 200 when empty. */
  readonly nextStatuses: number[];
}

function answer(shop: Shop, request: RecordedRequest): ScriptedAnswer {
  if (request.headers['x-shop-key'] !== SHOP_KEY) return { status: 401, body: { error: 'key' } };
  if (request.path === '/me') return { body: { id: 'shop-1', name: 'Shop' } };
  const status = shop.nextStatuses.shift() ?? 200;
  if (status === 200) shop.written.push((JSON.parse(request.body) as { id: string }).id);
  return { status, body: {}, ...(status === 429 && { headers: { 'retry-after': '120' } }) };
}

/** Starts the shop. */
export async function startShop(): Promise<Shop> {
  const written: string[] = [];
  const nextStatuses: number[] = [];
  const shop: Shop = {
    written,
    nextStatuses,
    server: await startScriptedServer((request) => answer(shop, request)),
  };
  return shop;
}

/** An integration that uses every part: jobs, runs, webhooks, actions, messages, mappings. */
export function shopIntegration(baseUrl: string): Integration {
  const shop = defineConnector({
    name: 'shop',
    display: { label: 'Shop' },
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-shop-key' } },
    baseUrl,
    limits: { maxAttempts: 1 },
    webhooks: { type: 'standard-webhooks' },
    api: (http) => ({
      me: () => http.get('/me', { schema: z.object({ id: z.string(), name: z.string() }) }),
      write: (id: string) => http.put('/orders', { json: { id } }),
    }),
    identity: async (api) => {
      const me = await api.me();
      return { externalId: me.id, name: me.name };
    },
  });
  return defineIntegration({
    name: 'orders',
    version: '1.0.0',
    display: { label: 'Orders' },
    connections: { shop },
    config: z.object({ prefix: z.string().default('order') }),
    onCreate: async (ctx) => {
      await ctx.webhooks.endpoint('shop');
      await ctx.webhooks.setSecret('shop', SHOP_SECRET);
    },
    jobs: {
      fan: {
        input: z.object({ count: z.number().int() }),
        run: async (ctx) => {
          ctx.run?.addProgress({ total: ctx.input.count });
          for (let index = 0; index < ctx.input.count; index += 1) {
            await ctx.jobs.enqueue('write', { id: `${ctx.config.prefix}-${index}` });
          }
        },
      },
      write: {
        input: z.object({ id: z.string() }),
        maxAttempts: 3,
        retryDelayMs: 0,
        run: async (ctx) => {
          await ctx.connections.shop.api.write(ctx.input.id);
          await ctx.mappings.upsert('order', [{ sourceId: ctx.input.id, targetId: ctx.input.id }]);
          ctx.run?.addProgress({ processed: 1, succeeded: 1 });
        },
      },
    },
    webhooks: {
      shop: async (ctx) => {
        const id = z.object({ id: z.string() }).safeParse(ctx.event.data);
        if (id.success) await ctx.jobs.enqueue('write', id.data, { key: ctx.event.deliveryKey });
        else ctx.skip('it names no order');
      },
    },
    actions: {
      count: { run: async (ctx) => ({ orders: await ctx.mappings.count('order') }) },
    },
  });
}

/** A webhook as the shop would sign it. */
export function signedWebhook(
  id: string,
  data: unknown,
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(data);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(SHOP_SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  };
}
