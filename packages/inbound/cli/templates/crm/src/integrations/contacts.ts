import { defineIntegration } from '@tenon/core';
import { z } from 'zod';
import type { crmConnector } from '../connectors/crm.js';

/** The connectors that the integration runs between. */
export interface Sides {
  readonly crm: ReturnType<typeof crmConnector>;
}

/** Reads every contact of the CRM, page by page; each page is a job of its own. */
export function contactsIntegration({ crm }: Sides) {
  return defineIntegration({
    name: 'contacts',
    version: '1.0.0',
    display: { label: 'Contacts' },
    connections: { crm },
    config: z.object({}),
    onCreate: async (ctx) => {
      await ctx.jobs.start('page', { after: null }, { runKey: 'first' });
    },
    jobs: {
      page: {
        input: z.object({ after: z.string().nullable() }),
        run: async (ctx) => {
          const { items, next } = await ctx.connections.crm.api.contacts(ctx.input.after);
          // What your product does with them comes here.
          ctx.run?.addProgress({ processed: items.length, succeeded: items.length });
          if (next !== null) await ctx.jobs.enqueue('page', { after: next });
        },
      },
    },
  });
}
