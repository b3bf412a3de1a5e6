import {
  AuthorizeConnection,
  AuthorizedClientFactory,
  CompleteAuthorization,
  DeleteConnection,
  EventBus,
  Registry,
  TestConnection,
  defineConnector,
  secret,
  silentLogger,
} from '@tenon/core';
import type { ApiClient, AuthorizedClientOptions, DomainEvent, Persistence } from '@tenon/core';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createNodePlatform } from '@tenon/platform-node';

/** Where the authorization server of a test is. */
export interface CrmAddress {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The public URL of the app in these tests; nothing listens there. */
export const PUBLIC_URL = 'http://127.0.0.1:9';

/** A connector to the API of `startOidcServer`. */
export function crmConnector(crm: CrmAddress) {
  return defineConnector<ApiClient>({
    name: 'crm',
    display: { label: 'CRM' },
    auth: {
      type: 'oauth2',
      authorizationUrl: `${crm.url}/authorize`,
      tokenUrl: `${crm.url}/token`,
      revocationUrl: `${crm.url}/revoke`,
      clientId: crm.clientId,
      clientSecret: secret(crm.clientSecret),
      scopes: ['openid', 'offline_access', 'contacts'],
      authorizationParameters: { prompt: 'consent' },
    },
    baseUrl: crm.url,
    api: (http) => http,
    identity: async (http) => {
      const { id } = await http.get<{ id: string }>('/me');
      return { externalId: id, name: `Account of ${id}` };
    },
  });
}

/** The use cases of connecting, with real adapters, as one process has them. */
export function connecting(
  crm: CrmAddress,
  persistence: Persistence,
  options: AuthorizedClientOptions = {},
) {
  const platform = createNodePlatform();
  const http = createUndiciHttpClient({ egress: { allow: [new URL(crm.url).host] } });
  const events = new EventBus({ ...platform, logger: silentLogger });
  const seen: DomainEvent[] = [];
  events.subscribe('*', (event) => void seen.push(event));
  const connector = crmConnector(crm);
  const shared = { ...platform, persistence, http, events, logger: silentLogger };
  const clients = new AuthorizedClientFactory(shared, options);
  const resumed: string[] = [];
  const parts = {
    ...shared,
    clients,
    registry: new Registry({ connectors: [connector] }),
    config: { publicUrl: PUBLIC_URL, allowedReturnUrls: ['https://app.example.com/settings'] },
    resumeParked: async (_context: unknown, connectionId: string) => {
      resumed.push(connectionId);
    },
  };
  return {
    connector,
    clients,
    seen,
    resumed,
    authorize: new AuthorizeConnection(parts),
    complete: new CompleteAuthorization(parts),
    remove: new DeleteConnection(parts),
    test: new TestConnection(parts),
    close: () => http.close(),
  };
}
