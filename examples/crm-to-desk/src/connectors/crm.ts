import { defineConnector, secret } from '@tenon/core';
import { z } from 'zod';

/** Where the CRM is, and who this app is to it. */
export interface CrmSettings {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const contact = z.object({
  id: z.string(),
  name: z.string(),
  country: z.string(),
  adminCode: z.string(),
  population: z.number(),
  latitude: z.number(),
  longitude: z.number(),
  featureCode: z.string(),
  updatedAt: z.string(),
});

export type Contact = z.output<typeof contact>;

const contactPage = z.object({
  items: z.array(contact),
  nextCursor: z.string().nullable(),
  total: z.number(),
});
const account = z.object({ id: z.string(), name: z.string(), email: z.string() });
const subscription = z.object({ id: z.string(), secret: z.string() });

/** The CRM: OAuth 2.0 with PKCE, cursor-paged contacts, signed webhooks. */
export function crmConnector(settings: CrmSettings) {
  return defineConnector({
    name: 'crm',
    display: { label: 'Demo CRM', description: 'Contacts of a loopback CRM' },
    auth: {
      type: 'oauth2',
      authorizationUrl: `${settings.baseUrl}/oauth/authorize`,
      tokenUrl: `${settings.baseUrl}/oauth/token`,
      revocationUrl: `${settings.baseUrl}/oauth/revoke`,
      clientId: settings.clientId,
      clientSecret: secret(settings.clientSecret),
      scopes: ['contacts.read', 'contacts.write', 'webhooks'],
      refreshMarginMs: 1_000,
    },
    baseUrl: settings.baseUrl,
    webhooks: { type: 'standard-webhooks' },
    api: (http) => ({
      me: () => http.get('/me', { schema: account }),
      contacts: {
        page: (cursor: string | null, limit: number) =>
          http.get('/contacts', {
            query: { cursor: cursor ?? undefined, limit },
            schema: contactPage,
          }),
        get: (id: string) => http.get(`/contacts/${encodeURIComponent(id)}`, { schema: contact }),
      },
      webhooks: {
        subscribe: (url: string) =>
          http.post('/webhooks', {
            json: { url, events: ['contact.updated'] },
            schema: subscription,
            idempotencyKey: url,
          }),
        unsubscribe: (id: string) =>
          http.request('DELETE', `/webhooks/${encodeURIComponent(id)}`, { acceptStatus: [404] }),
      },
    }),
    identity: async (api) => {
      const me = await api.me();
      return { externalId: me.id, name: me.name, profile: { email: me.email } };
    },
  });
}
