import { defineApp } from '@tenon/app';
import { defineConnector, defineIntegration, secret } from '@tenon/core';
import * as z from 'zod';

const contact = z.object({ id: z.string(), name: z.string(), email: z.email().optional() });

const crm = defineConnector({
  name: 'crm',
  display: { label: 'CRM' },
  auth: {
    type: 'oauth2',
    authorizationUrl: 'https://crm.example/authorize',
    tokenUrl: 'https://crm.example/token',
    clientId: 'client',
    clientSecret: secret('secret'),
    scopes: ['contacts'],
  },
  baseUrl: 'https://crm.example',
  api: (http) => ({
    page: (cursor: string) =>
      http.get('/contacts', { query: { cursor }, schema: z.object({ items: z.array(contact) }) }),
  }),
  identity: async () => ({ externalId: 'crm', name: 'CRM' }),
});

const desk = defineConnector({
  name: 'desk',
  display: { label: 'Desk' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-api-key' } },
  baseUrl: 'https://desk.example',
  api: (http) => ({ write: (id: string) => http.put('/people', { json: { id } }) }),
  identity: async () => ({ externalId: 'desk', name: 'Desk' }),
});

/** An app like any other: two connectors, an integration between them, everything from the environment. */
export const app = defineApp(() => ({
  integrations: [
    defineIntegration({
      name: 'crm-to-desk',
      version: '1.0.0',
      display: { label: 'CRM to desk' },
      connections: { crm, desk },
      config: z.object({ prefix: z.string().default('contact') }),
      jobs: {
        page: {
          input: z.object({ cursor: z.string() }),
          run: async (ctx) => {
            const { items } = await ctx.connections.crm.api.page(ctx.input.cursor);
            for (const { id } of items) await ctx.jobs.enqueue('write', { id });
          },
        },
        write: {
          input: z.object({ id: z.string() }),
          run: async (ctx) => {
            await ctx.connections.desk.api.write(ctx.input.id);
          },
        },
      },
    }),
  ],
}));
