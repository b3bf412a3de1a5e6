import { defineConnector } from '@tenon/core';
import type { Environment } from '@tenon/core';
import { z } from 'zod';

const account = z.object({ id: z.string(), name: z.string() });
const contact = z.object({ id: z.string(), email: z.string() });
const contactPage = z.object({ items: z.array(contact), next: z.string().nullable() });
const subscription = z.object({ id: z.string(), secret: z.string() });

/** A CRM that takes an API key, lists contacts by cursor and tells of changes by signed webhooks. */
export function crmConnector(environment: Environment) {
  return defineConnector({
    name: 'crm',
    display: { label: 'CRM' },
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-api-key' } },
    baseUrl: environment['CRM_URL'] ?? 'https://crm.example',
    webhooks: { type: 'standard-webhooks' },
    api: (http) => ({
      account: () => http.get('/account', { schema: account }),
      contact: (id: string) => http.get(`/contacts/${encodeURIComponent(id)}`, { schema: contact }),
      contacts: (after: string | null) =>
        http.get('/contacts', { query: { after: after ?? undefined }, schema: contactPage }),
      subscribe: (url: string) =>
        http.post('/webhooks', { json: { url }, schema: subscription, idempotencyKey: url }),
    }),
    identity: async (api) => {
      const { id, name } = await api.account();
      return { externalId: id, name };
    },
  });
}
