import type { CompleteAuthorizationInput } from '../app/command-inputs.js';
import type { Registry } from '../app/registry.js';
import type { OAuth2Auth } from '../connector/auth.js';
import type { Connector } from '../connector/connector.js';
import { providerRateLimited, providerUnavailable } from '../connector/provider.errors.js';
import type { ApiClientFactory } from '../credential/api-client-factory.port.js';
import type { OAuth2Material } from '../credential/credential.js';
import { requestTokens } from '../credential/oauth2-token-request.js';
import { expiryOf } from '../credential/oauth2-token-response.js';
import type { OAuth2Tokens } from '../credential/oauth2-token-response.js';
import type { Clock } from '../platform/clock.port.js';
import { MisconfiguredError } from '../platform/common.errors.js';
import type { AppContext } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { HttpClient } from '../platform/http-client.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import { announceSaved } from './announce-saved.js';
import type { ReauthorizedParts } from './announce-saved.js';
import type { AuthorizationSession } from './authorization-session.js';
import {
  authorizationCodeRefused,
  authorizationDenied,
  authorizationInvalid,
} from './connection.errors.js';
import type { Connection } from './connection.js';
import { saveAccount } from './save-account.js';
import type { SavedAccount } from './save-account.js';

const TOKEN_TIMEOUT_MS = 30_000;
const MAX_PARAMETER_LENGTH = 8_192;

/**
 * Ends an authorization at the callback. The state is spent by the first call that presents it, whatever comes of it: also when
 * the browser is not the one that began, so that a stolen state cannot be tried with one binding after the other. Before the
 * browser is verified nothing is answered but `AUTHORIZATION_INVALID`.
 *
 * Throws: `AUTHORIZATION_INVALID`, `AUTHORIZATION_DENIED`, `AUTHORIZATION_CODE_REFUSED`, `CONNECTION_ACCOUNT_MISMATCH`,
 * `PROVIDER_…` of the token and the identity call. Errors after the browser was verified carry `details.returnTo` where the
 * provider is the one who said no.
 */
export class CompleteAuthorization {
  constructor(
    private readonly parts: ReauthorizedParts & {
      readonly registry: Registry;
      readonly persistence: Pick<Persistence, 'authorizationSessions' | 'users' | 'transaction'>;
      readonly clients: ApiClientFactory;
      readonly http: HttpClient;
      readonly clock: Clock;
      readonly crypto: Crypto;
      readonly ids: IdGenerator;
    },
  ) {}

  async execute(
    context: AppContext,
    input: CompleteAuthorizationInput,
  ): Promise<{ readonly connection: Connection; readonly returnTo: string | null }> {
    const session = await this.#consume(input);
    const { returnTo } = session;
    if (input.error !== undefined || input.code === undefined) {
      throw authorizationDenied({ reason: errorCode(input.error), returnTo });
    }
    const connector = this.parts.registry.connector(session.connector);
    const { auth } = connector;
    if (auth.type !== 'oauth2') {
      throw new MisconfiguredError(
        `Connector '${connector.name}' no longer authenticates by OAuth`,
      );
    }
    const tokens = await this.#exchange(auth, session, input.code.slice(0, MAX_PARAMETER_LENGTH));
    const saved = await this.#save(context, session, { connector, auth, tokens });
    await announceSaved(saved, context, this.parts);
    return { connection: saved.connection, returnTo };
  }

  /** Everything that can be wrong with who calls looks the same. */
  async #consume(input: CompleteAuthorizationInput): Promise<AuthorizationSession> {
    const { clock, crypto, persistence } = this.parts;
    const stateHash = crypto.sha256(input.state.slice(0, MAX_PARAMETER_LENGTH));
    const session = await persistence.authorizationSessions.consume(stateHash, clock.now());
    const binding = (input.browserBinding ?? '').slice(0, MAX_PARAMETER_LENGTH);
    const sameBrowser = crypto.equal(crypto.sha256(binding), session?.browserHash ?? '');
    if (!session || !sameBrowser) throw authorizationInvalid();
    const user = await persistence.users.find(session.tenantId, session.userId);
    if (user?.status !== 'active') throw authorizationInvalid();
    return session;
  }

  async #exchange(
    auth: OAuth2Auth,
    session: AuthorizationSession,
    code: string,
  ): Promise<OAuth2Tokens> {
    const { redirectUri, codeVerifier, connector, returnTo } = session;
    const grant = {
      type: 'authorization_code',
      code,
      redirectUri,
      codeVerifier: codeVerifier.reveal(),
    } as const;
    const outcome = await requestTokens(auth, grant, {
      ...this.parts,
      timeoutMs: TOKEN_TIMEOUT_MS,
    });
    if (outcome.kind === 'granted') return outcome.tokens;
    if (outcome.kind !== 'unavailable') {
      throw authorizationCodeRefused({ connector, reason: outcome.code, returnTo });
    }
    const call = { connector, method: 'POST', path: 'token endpoint' };
    const { retryAfterMs, error } = outcome;
    if (outcome.code === 'rate_limited') throw providerRateLimited(call, retryAfterMs ?? 1_000);
    throw providerUnavailable(call, { reason: outcome.code }, { cause: error });
  }

  async #save(
    context: AppContext,
    session: AuthorizationSession,
    granted: {
      readonly connector: Connector;
      readonly auth: OAuth2Auth;
      readonly tokens: OAuth2Tokens;
    },
  ): Promise<SavedAccount> {
    const { connector, auth, tokens } = granted;
    const givenAt = this.parts.clock.now();
    const { accessToken, refreshToken, tokenType } = tokens;
    const material: OAuth2Material = { type: 'oauth2', accessToken, refreshToken, tokenType };
    const api = this.parts.clients.createTemporary(connector, { material, profile: {} }, context);
    const identity = await connector.identity(api);
    const { tenantId, userId, connectionId, name } = session;
    return saveAccount(
      {
        tenantId,
        userId,
        connector: connector.name,
        connectionId,
        name,
        identity,
        profile: {},
        scopes: tokens.scopes ?? auth.scopes,
        material,
        expiresAt: expiryOf(auth, tokens, givenAt),
      },
      this.parts,
    );
  }
}

/** The provider's error code, if it looks like one: the parameter comes from a browser. */
function errorCode(error: string | undefined): string {
  if (error === undefined) return 'no_code';
  return /^[A-Za-z0-9_.-]{1,64}$/.test(error) ? error : 'unknown_error';
}
