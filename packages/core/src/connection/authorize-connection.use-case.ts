import type { AuthorizeInput, StartedAuthorization } from '../app/command-inputs.js';
import type { Registry } from '../app/registry.js';
import { authorizationUrl } from '../credential/oauth2-authorization-url.js';
import type { Clock } from '../platform/clock.port.js';
import { ForbiddenError, MisconfiguredError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import { parseHttpUrl } from '../platform/http-url.js';
import type { HttpUrl } from '../platform/http-url.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { secret } from '../platform/secret.js';
import { AUTHORIZATION_TTL_MS } from './authorization-session.js';
import type { AuthorizationSessionId } from './authorization-session.js';
import { wrongAuthType } from './connection.errors.js';
import type { Connection } from './connection.js';
import { connectionName } from './connection-name.js';
import { checkReturnTo, parseAllowedReturnUrls } from './return-to.js';
import { visibleConnection } from './visible-connection.js';

/** Below the app's public URL; register it at the providers. */
export const CALLBACK_PATH = '/api/connections/callback';

/** Addresses of an app, for authorizations. */
export interface AuthorizationConfig {
  /** Where browsers reach this app, for example `https://integrations.example.com`. */
  readonly publicUrl: string;
  /** Absolute URLs; a `returnTo` must have the origin of one and its path or a path below it. */
  readonly allowedReturnUrls: readonly string[];
}

/** The redirect URI of every authorization. @throws MisconfiguredError when `publicUrl` is no absolute URL. */
export function callbackUrl(publicUrl: string): string {
  const url = parseHttpUrl(publicUrl);
  if (url?.query !== '') {
    throw new MisconfiguredError('publicUrl must be an absolute URL without query or fragment');
  }
  return url.origin + url.path.replace(/\/+$/, '') + CALLBACK_PATH;
}

/** 256 bits. */
const TOKEN_BYTES = 32;

/**
 * Starts connecting an account by OAuth: keeps a session that is used once, within ten minutes, by the browser that holds the
 * binding. State and binding are kept as hashes.
 * Throws: `CONNECTOR_NOT_FOUND`, `WRONG_AUTH_TYPE`, `CONNECTION_NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED` (name, returnTo).
 */
export class AuthorizeConnection {
  readonly #redirectUri: string;
  readonly #allowed: readonly HttpUrl[];

  /** @throws MisconfiguredError for URLs that are none. */
  constructor(
    private readonly parts: {
      readonly registry: Registry;
      readonly persistence: Pick<Repositories, 'connections' | 'authorizationSessions'>;
      readonly clock: Clock;
      readonly crypto: Crypto;
      readonly ids: IdGenerator;
      readonly config: AuthorizationConfig;
    },
  ) {
    this.#redirectUri = callbackUrl(parts.config.publicUrl);
    this.#allowed = parseAllowedReturnUrls(parts.config.allowedReturnUrls);
  }

  async execute(context: Context, input: AuthorizeInput): Promise<StartedAuthorization> {
    requireScope(context, 'connections:write');
    const { crypto, clock, ids, persistence, registry } = this.parts;
    const { auth, name: connector } = registry.connector(input.connector);
    if (auth.type !== 'oauth2') {
      throw wrongAuthType(connector, `'${connector}' is connected by a form; submit its fields`);
    }
    const name = input.name === undefined ? null : connectionName(input.name);
    const returnTo =
      input.returnTo === undefined ? null : checkReturnTo(input.returnTo, this.#allowed);
    const existing = await this.#existing(context, input);
    const userId = context.userId ?? existing?.userId;
    if (!userId) throw new ForbiddenError('A connection belongs to a user; ask as one');
    const [state, browserBinding, codeVerifier] = [0, 0, 0].map(() =>
      crypto.randomToken(TOKEN_BYTES),
    ) as [string, string, string];
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + AUTHORIZATION_TTL_MS);
    const redirectUri = this.#redirectUri;
    await persistence.authorizationSessions.insert({
      id: ids.next<AuthorizationSessionId>(),
      tenantId: context.tenantId,
      userId,
      connector,
      connectionId: existing?.id ?? null,
      stateHash: crypto.sha256(state),
      browserHash: crypto.sha256(browserBinding),
      codeVerifier: secret(codeVerifier),
      redirectUri,
      returnTo,
      name,
      ...{ step: 1, totalSteps: 1, stepData: null },
      expiresAt,
      usedAt: null,
      createdAt: now,
    });
    const request = { redirectUri, state, codeVerifier };
    const url = authorizationUrl(auth, request, crypto);
    return { authorizationUrl: url, browserBinding, expiresAt };
  }

  async #existing(context: Context, input: AuthorizeInput): Promise<Connection | null> {
    if (input.connectionId === undefined) return null;
    const { persistence } = this.parts;
    const connection = await visibleConnection(persistence, context, input.connectionId);
    if (connection.connector === input.connector) return connection;
    throw wrongAuthType(
      input.connector,
      `The connection '${connection.id}' belongs to '${connection.connector}'`,
    );
  }
}
