import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ClientMetadata, Configuration } from 'oidc-provider';
import type { OidcStorage } from './oidc-storage.js';

/** The one client of a test's authorization server. */
export interface OidcClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
}

function clientMetadata(client: OidcClient): ClientMetadata {
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uris: [...client.redirectUris],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kty: 'EC', use: 'sig', alg: 'ES256' };
}

/** Strict: PKCE always, refresh tokens rotate, and one that comes twice ends its grant. */
export function oidcConfiguration(input: {
  readonly client: OidcClient;
  readonly storage: OidcStorage;
  readonly accessTokenTtlSeconds: number;
}): Configuration {
  const day = 86_400;
  return {
    adapter: (kind) => input.storage.adapter(kind),
    clients: [clientMetadata(input.client)],
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    jwks: { keys: [signingKey()] },
    routes: { authorization: '/authorize', token: '/token', revocation: '/revoke' },
    scopes: ['openid', 'offline_access', 'contacts'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => Promise.resolve(true),
    expiresWithSession: () => Promise.resolve(false),
    ttl: {
      AccessToken: input.accessTokenTtlSeconds,
      AuthorizationCode: 60,
      Grant: day,
      IdToken: 3_600,
      Interaction: 3_600,
      RefreshToken: day,
      Session: 3_600,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) =>
          Promise.resolve(token.clientId === client.clientId),
      },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    renderError: (context, out) => {
      context.type = 'json';
      context.body = JSON.stringify(out);
    },
  };
}
