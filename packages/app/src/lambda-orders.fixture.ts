import { defineConnector, defineIntegration } from '@tenon/core';
import type { Integration } from '@tenon/core';
import * as z from 'zod';

/** An integration with one connector, as a project has it. */
export function ordersIntegration(baseUrl: string): Integration {
  const shop = defineConnector({
    name: 'shop',
    display: { label: 'Shop' },
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-shop-key' } },
    baseUrl,
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
    jobs: {
      fan: {
        input: z.object({ count: z.number().int() }),
        run: async (ctx) => {
          ctx.run?.addProgress({ total: ctx.input.count });
          for (let index = 0; index < ctx.input.count; index += 1)
            await ctx.jobs.enqueue('write', { id: `${ctx.config.prefix}-${index}` });
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
  });
}
