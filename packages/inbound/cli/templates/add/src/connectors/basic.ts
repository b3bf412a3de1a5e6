import { defineConnector } from '@tenon/core';
import type { Environment } from '@tenon/core';
import { z } from 'zod';

const account = z.object({ id: z.string(), name: z.string() });

/** My name: how to sign in, how to call it. */
export function myNameConnector(environment: Environment) {
  return defineConnector({
    name: 'my-name',
    display: { label: 'My name' },
    auth: { type: 'basic' },
    baseUrl: environment['MY_NAME_URL'] ?? 'https://my-name.example',
    api: (http) => ({
      account: () => http.get('/account', { schema: account }),
    }),
    identity: async (api) => {
      const { id, name } = await api.account();
      return { externalId: id, name };
    },
  });
}
