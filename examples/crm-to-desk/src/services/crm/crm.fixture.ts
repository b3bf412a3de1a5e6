import { randomBytes } from 'node:crypto';

import type { CrmOptions } from './crm-options.js';
import { DEMO_USERS } from './crm-options.js';
import type { CrmServer } from './crm-server.js';
import { createCrmServer } from './crm-server.js';
import { OAuthClient } from './oauth-client.js';

/** An address at which nothing listens: the walk stops before it. */
export const REDIRECT_URI = 'http://127.0.0.1:9/callback';

export const [ADA, GRACE] = DEMO_USERS as [(typeof DEMO_USERS)[0], (typeof DEMO_USERS)[0]];

/** A CRM for one test, with a client that is registered there. */
export interface CrmFixture {
  readonly crm: CrmServer;
  readonly client: OAuthClient;
  /** Calls the API or a control endpoint; a body makes it a POST unless the method says otherwise. */
  call(path: string, options?: CallOptions): Promise<Response>;
  /** Connects an account and answers its tokens. */
  connect(user?: typeof ADA, scope?: string): Promise<{ access: string; refresh: string }>;
}

export interface CallOptions {
  readonly token?: string;
  readonly method?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export async function openCrm(options: Partial<CrmOptions> = {}): Promise<CrmFixture> {
  const clientSecret = randomBytes(24).toString('base64url');
  const crm = await createCrmServer({
    records: 1000,
    rateLimitPerSecond: 0,
    clientSecret,
    redirectUris: [REDIRECT_URI],
    ...options,
  });
  const { authorizationUrl, tokenUrl } = crm;
  const plan = { authorizationUrl, tokenUrl, clientSecret, redirectUri: REDIRECT_URI };
  const client = new OAuthClient({ ...plan, clientId: 'tenon-demo' });
  return {
    crm,
    client,
    call: (path, callOptions) => callService(crm.url + path, callOptions),
    connect: async (user = ADA, scope = 'contacts.read contacts.write webhooks') => {
      const { redirectUrl } = await client.consent(user, { scope });
      const { status, body } = await client.exchange(redirectUrl);
      if (status !== 200) throw new Error(`No token: ${JSON.stringify(body)}`);
      return { access: String(body['access_token']), refresh: String(body['refresh_token']) };
    },
  };
}

async function callService(url: string, options: CallOptions = {}): Promise<Response> {
  const { token, body, method = body === undefined ? 'GET' : 'POST' } = options;
  return await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
