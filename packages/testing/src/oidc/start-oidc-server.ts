import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { rejectUnknownKeys } from '@tenon/core';
import type Provider from 'oidc-provider';
import { walkInBrowser } from './browser-walk.js';
import { oidcConfiguration } from './oidc-configuration.js';
import { OidcStorage } from './oidc-storage.js';

/** Options of {@link startOidcServer}. */
export interface OidcServerOptions {
  /** Where browsers may be sent back to. */
  readonly redirectUris: readonly string[];
  /** Default: 3,600. */
  readonly accessTokenTtlSeconds?: number;
}

/** What happens to the coming token requests, in order; each is used once. */
export interface TokenFault {
  /** Waits before the request is handled. */
  readonly delayMs?: number;
  /** Answers this status instead of handling it. */
  readonly status?: number;
  /** Ends the connection instead of handling it. */
  readonly drop?: boolean;
}

/** A real OAuth 2.0 server on a loopback port, with a small API behind it. */
export interface OidcServer {
  readonly url: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Requests at the token endpoint by grant type, those that failed included. */
  readonly tokenRequests: Readonly<Record<string, number>>;
  readonly revocations: number;
  /** Answered requests to `GET /me`, by status. */
  readonly apiCalls: Readonly<Record<number, number>>;
  /** How often a refresh token came that was spent already. */
  readonly reuses: number;
  /** Who logs in at the next authorization. Default: `ada`. */
  account: string;
  /** What the person answers at the next authorizations. Default: true. */
  consent: boolean;
  faultTokenRequests(...faults: readonly TokenFault[]): void;
  /** Faults that no token request has met yet. */
  readonly plannedFaults: number;
  /** Forgets all access tokens: they are refused from now on. */
  expireAccessTokens(): void;
  /** Forgets all refresh tokens: the grants are dead. */
  revokeGrants(): void;
  /** Goes through log-in and consent as a browser would. Answers the callback URL. */
  authorize(authorizationUrl: string): Promise<URL>;
  close(): Promise<void>;
}

const CLIENT = { clientId: 'tenon-test', clientSecret: 'secret of: the test+client' };

class State {
  readonly tokenRequests: Record<string, number> = {};
  readonly apiCalls: Record<number, number> = {};
  readonly faults: TokenFault[] = [];
  readonly storage = new OidcStorage();
  reuses = 0;
  revocations = 0;
  account = 'ada';
  consent = true;

  get plannedFaults(): number {
    return this.faults.length;
  }
}

/**
 * Starts `oidc-provider` (an optional peer dependency) with PKCE required and rotating refresh tokens. `GET /me` answers
 * `{ id }` of the token's account. Log-in and consent need no forms.
 */
export async function startOidcServer(options: OidcServerOptions): Promise<OidcServer> {
  rejectUnknownKeys('startOidcServer', options, ['redirectUris', 'accessTokenTtlSeconds']);
  const { default: ProviderClass } = await import('oidc-provider');
  const state = new State();
  const holder: { provider?: Provider } = {};
  const server = createServer((request, response) => {
    if (!holder.provider) throw new Error('The server is not ready');
    handle(holder.provider, state, { request, response }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new ProviderClass(
    url,
    oidcConfiguration({
      client: { ...CLIENT, redirectUris: options.redirectUris },
      storage: state.storage,
      accessTokenTtlSeconds: options.accessTokenTtlSeconds ?? 3_600,
    }),
  );
  provider.on('grant.error', (_context, error) => {
    if (error.error_detail === 'refresh token already used') state.reuses += 1;
  });
  provider.on('grant.success', (context) => count(state, context.oidc.params?.['grant_type']));
  provider.on('grant.error', (context) => count(state, context.oidc.params?.['grant_type']));
  holder.provider = provider;
  return controls(url, state, server);
}

function count(state: State, grantType: unknown): void {
  const type = typeof grantType === 'string' ? grantType : 'unknown';
  state.tokenRequests[type] = (state.tokenRequests[type] ?? 0) + 1;
}

function controls(url: string, state: State, server: Server): OidcServer {
  return Object.assign(state, {
    url,
    ...CLIENT,
    authorizationUrl: `${url}/authorize`,
    tokenUrl: `${url}/token`,
    revocationUrl: `${url}/revoke`,
    faultTokenRequests: (...faults: readonly TokenFault[]) => void state.faults.push(...faults),
    expireAccessTokens: () => state.storage.clear('AccessToken'),
    revokeGrants: () => state.storage.clear('RefreshToken'),
    authorize: walkInBrowser,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function handle(provider: Provider, state: State, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname.startsWith('/interaction/')) return interact(provider, state, exchange);
  if (pathname === '/me') return answerMe(provider, state, exchange);
  if (pathname === '/revoke') state.revocations += 1;
  if (pathname === '/token') {
    const fault = state.faults.shift();
    if (fault?.delayMs !== undefined) await wait(fault.delayMs);
    if (fault?.drop || fault?.status !== undefined) {
      count(state, 'faulted');
      if (fault.drop) response.destroy();
      else response.writeHead(fault.status ?? 503).end();
      return;
    }
  }
  await provider.callback()(request, response);
}

async function interact(provider: Provider, state: State, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { prompt, session, params } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const login = { accountId: state.account };
    return provider.interactionFinished(request, response, { login });
  }
  if (!state.consent) {
    return provider.interactionFinished(request, response, { error: 'access_denied' });
  }
  const clientId = String(params['client_id']);
  const grant = new provider.Grant({ accountId: session?.accountId, clientId });
  grant.addOIDCScope('openid offline_access contacts');
  const consent = { grantId: await grant.save() };
  const options = { mergeWithLastSubmission: true };
  return provider.interactionFinished(request, response, { consent }, options);
}

async function answerMe(provider: Provider, state: State, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = bearer === '' ? undefined : await provider.AccessToken.find(bearer);
  const status = token ? 200 : 401;
  state.apiCalls[status] = (state.apiCalls[status] ?? 0) + 1;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(token ? { id: token.accountId } : { error: 'invalid_token' }));
}
