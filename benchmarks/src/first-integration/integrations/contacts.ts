import { defineIntegration } from '@tenon/core';
import { z } from 'zod';
import type { crmConnector } from '../connectors/crm.js';

const changed = z.object({ id: z.string() });

/** Reads every contact of the CRM, page by page, then each one that changes. */
export function contactsIntegration({ crm }: { readonly crm: ReturnType<typeof crmConnector> }) {
  return defineIntegration({
    name: 'contacts',
    version: '1.0.0',
    display: { label: 'Contacts' },
    connections: { crm },
    config: z.object({}),
    onCreate: async (ctx) => {
      const { url } = await ctx.webhooks.endpoint('crm');
      const { id, secret } = await ctx.connections.crm.api.subscribe(url);
      await ctx.webhooks.setSecret('crm', secret, id);
      await ctx.jobs.start('page', { after: null }, { runKey: 'first' });
    },
    jobs: {
      page: {
        input: z.object({ after: z.string().nullable() }),
        run: async (ctx) => {
          const { items, next } = await ctx.connections.crm.api.contacts(ctx.input.after);
          const contacts = items.map(({ id, email }) => ({ sourceId: id, targetId: email }));
          await ctx.mappings.upsert('contact', contacts);
          ctx.run?.addProgress({ processed: items.length, succeeded: items.length });
          if (next !== null) await ctx.jobs.enqueue('page', { after: next });
        },
      },
    },
    webhooks: {
      crm: async (ctx) => {
        const { id } = changed.parse(ctx.event.data);
        const { email } = await ctx.connections.crm.api.contact(id);
        await ctx.mappings.upsert('contact', [{ sourceId: id, targetId: email }]);
      },
    },
  });
}
