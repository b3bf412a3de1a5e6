import { defineConnector, secret } from '@tenon/core';
import type { Environment } from '@tenon/core';
import { z } from 'zod';

const account = z.object({ id: z.string(), name: z.string() });

/** My name: how to sign in, how to call it. */
export function myNameConnector(environment: Environment) {
  const url = environment['MY_NAME_URL'] ?? 'https://my-name.example';
  return defineConnector({
    name: 'my-name',
    display: { label: 'My name' },
    auth: {
      type: 'oauth2',
      authorizationUrl: `${url}/oauth/authorize`,
      tokenUrl: `${url}/oauth/token`,
      clientId: environment['MY_NAME_CLIENT_ID'] ?? 'MY_NAME_CLIENT_ID-is-not-set',
      clientSecret: secret(environment['MY_NAME_CLIENT_SECRET'] ?? ''),
      scopes: [],
    },
    baseUrl: url,
    api: (http) => ({
      account: () => http.get('/account', { schema: account }),
    }),
    identity: async (api) => {
      const { id, name } = await api.account();
      return { externalId: id, name };
    },
  });
}
