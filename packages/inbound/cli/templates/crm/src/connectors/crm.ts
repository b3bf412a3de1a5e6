import { defineConnector } from '@tenon/core';
import type { Environment } from '@tenon/core';
import { z } from 'zod';

const account = z.object({ id: z.string(), name: z.string() });
const contact = z.object({ id: z.string(), email: z.string() });
const contactPage = z.object({ items: z.array(contact), next: z.string().nullable() });

/** A CRM that takes an API key and lists contacts by cursor. */
export function crmConnector(environment: Environment) {
  return defineConnector({
    name: 'crm',
    display: { label: 'CRM' },
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-api-key' } },
    baseUrl: environment['CRM_URL'] ?? 'https://crm.example',
    api: (http) => ({
      account: () => http.get('/account', { schema: account }),
      contacts: (after: string | null) =>
        http.get('/contacts', { query: { after: after ?? undefined }, schema: contactPage }),
    }),
    identity: async (api) => {
      const { id, name } = await api.account();
      return { externalId: id, name };
    },
  });
}
