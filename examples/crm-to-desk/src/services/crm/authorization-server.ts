import { generateKeyPairSync, randomBytes } from 'node:crypto';

import Provider from 'oidc-provider';
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';

import type { CrmSettings, CrmUser } from './crm-options.js';
import type { CrmStatistics } from './crm-statistics.js';
import { countTokenRequest } from './crm-statistics.js';
import { OAuthStorage } from './oauth-storage.js';

/** What an access token may be allowed to do. */
export const SCOPES = ['contacts.read', 'contacts.write', 'webhooks'] as const;

/** The paths of the authorization server. */
export const OAUTH_PATHS = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  userinfo: '/oauth/userinfo',
  jwks: '/oauth/jwks',
} as const;

export interface AuthorizationServer {
  readonly provider: Provider;
  readonly storage: OAuthStorage;
  /** Replaces the addresses that the client may be redirected to. */
  registerRedirectUris(redirectUris: readonly string[]): Promise<void>;
}

/** Makes the CRM's OAuth 2.0 authorization server for an issuer address. */
export async function createAuthorizationServer(
  issuer: string,
  settings: CrmSettings,
  statistics: CrmStatistics,
): Promise<AuthorizationServer> {
  const storage = new OAuthStorage();
  const provider = new Provider(issuer, configuration(settings, storage));
  countEvents(provider, statistics);
  const registerRedirectUris = async (redirectUris: readonly string[]) => {
    const client = clientMetadata(settings, redirectUris);
    await storage.adapter('Client').upsert(settings.clientId, client);
  };
  await registerRedirectUris(settings.redirectUris);
  return { provider, storage, registerRedirectUris };
}

function configuration(settings: CrmSettings, storage: OAuthStorage): Configuration {
  return {
    adapter: (kind) => storage.adapter(kind),
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    jwks: { keys: [signingKey()] },
    routes: OAUTH_PATHS,
    scopes: ['openid', 'offline_access', ...SCOPES],
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_context, client) =>
      Promise.resolve(client.grantTypeAllowed('refresh_token')),
    expiresWithSession: () => Promise.resolve(false),
    clientBasedCORS: () => false,
    ttl: lifetimes(settings),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: { enabled: false },
      revocation: { enabled: true, allowedPolicy: ownTokenOnly },
      introspection: { enabled: true, allowedPolicy: ownTokenOnly },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => {
      const user = settings.users.find(({ username }) => username === sub);
      return user && { accountId: sub, claims: () => userClaims(user) };
    },
    renderError: (context, out) => {
      context.type = 'json';
      context.body = JSON.stringify({ error: { code: out.error, message: out.error_description } });
    },
  };
}

function lifetimes(settings: CrmSettings): NonNullable<Configuration['ttl']> {
  const hour = 60 * 60;
  return {
    AccessToken: settings.accessTokenTtlSeconds,
    AuthorizationCode: 60,
    Grant: settings.refreshTokenTtlSeconds,
    IdToken: hour,
    Interaction: hour,
    RefreshToken: settings.refreshTokenTtlSeconds,
    Session: hour,
  };
}

function clientMetadata(settings: CrmSettings, redirectUris: readonly string[]): ClientMetadata {
  return {
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    client_name: 'Tenon demo',
    redirect_uris: [...redirectUris],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  };
}

function signingKey(): Record<string, unknown> & { kty: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'signing' };
  return { ...key, kty: 'EC' };
}

function userClaims(user: CrmUser): Promise<{ sub: string; name: string; email: string }> {
  return Promise.resolve({ sub: user.username, name: user.name, email: user.email });
}

function ownTokenOnly(
  _context: KoaContextWithOIDC,
  client: { clientId: string },
  token: { clientId?: string | undefined },
): Promise<boolean> {
  return Promise.resolve(token.clientId === client.clientId);
}

function countEvents(provider: Provider, statistics: CrmStatistics): void {
  const grantType = (context: KoaContextWithOIDC): string => {
    const value = context.oidc.params?.['grant_type'];
    return typeof value === 'string' ? value : 'unknown';
  };
  provider.on('grant.success', (context) => {
    countTokenRequest(statistics, grantType(context), 'granted');
  });
  provider.on('grant.error', (context, error) => {
    countTokenRequest(statistics, grantType(context), 'refused');
    if (error.error_detail === 'refresh token already used') statistics.refreshReuseDetections += 1;
  });
  provider.on('server_error', (_context, error) => {
    process.stderr.write(`authorization server: ${error.stack ?? error.message}\n`);
  });
}
