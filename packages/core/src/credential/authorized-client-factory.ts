import type { CredentialRead } from '../audit/audit-trail.js';
import type { Connection, ConnectionId } from '../connection/connection.js';
import type { Connector } from '../connector/connector.js';
import type { EventBus } from '../event/event-bus.js';
import type { Clock } from '../platform/clock.port.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { HttpClient } from '../platform/http-client.port.js';
import type { JsonObject } from '../platform/json.js';
import type { Logger } from '../platform/logger.port.js';
import { validateOptions } from '../platform/options.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { ApiClientFactory, CredentialReader } from './api-client-factory.port.js';
import { parseApiBase } from './api-url.js';
import type { CallLimits, CallParts } from './authorized-call.js';
import { AuthorizedClient } from './authorized-client.js';
import { ConnectionGate } from './connection-gate.js';
import { CredentialCache } from './credential-cache.js';
import { CredentialRefresher } from './credential-refresher.js';
import { FixedCredentialSource } from './credential-source.js';
import { placeCredential } from './placed-credential.js';
import { StoredCredentialSource } from './stored-credential-source.js';
import type { SourceParts } from './stored-credential-source.js';

/** Options of {@link AuthorizedClientFactory}; times in milliseconds. */
export interface AuthorizedClientOptions {
  /** How long a credential is kept in memory between calls; 0 reads it for every call. Default: 2,000. */
  readonly credentialCacheMs?: number;
  /** Time for one token request. Default: 15,000. */
  readonly tokenTimeoutMs?: number;
  /**
   * How much longer than that an attempt whose outcome is unknown counts as under way: at least the time in which the
   * database stores the result or fails. Default: 15,000.
   */
  readonly attemptGraceMs?: number;
  /** Time of the refresh lease. Default: 20,000. */
  readonly leaseMs?: number;
}

/** What {@link AuthorizedClientFactory} needs. */
export interface AuthorizedClientParts {
  readonly persistence: Pick<Persistence, 'credentials' | 'connections' | 'leases' | 'transaction'>;
  readonly http: HttpClient;
  /** Carries the calls of a connector's clients in the place of `http`, which then carries token requests alone. */
  readonly httpOf?: (connector: Pick<Connector, 'name' | 'auth' | 'dryRun'>) => HttpClient;
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'base64' | 'randomToken'>;
  readonly events: EventBus;
  readonly logger: Logger;
  /** Hears of uses of stored credentials; must be quick. */
  readonly onCredentialRead?: (read: CredentialRead) => void;
  /** Numbers from 0 to 1 for jitter; `Math.random` by default. */
  readonly random?: () => number;
}

type ClientOptions = Parameters<ApiClientFactory['create']>[2];

const MAX_GATES = 1_000;

const UNKNOWN_READER: CredentialReader = {
  actor: { kind: 'system', userId: null },
  requestId: '',
  purpose: 'call',
};

function limitsOf(connector: Connector): CallLimits {
  const { limits } = connector;
  return {
    maxAttempts: limits?.maxAttempts ?? 5,
    attemptTimeoutMs: limits?.attemptTimeoutMs ?? 30_000,
    totalTimeoutMs: limits?.totalTimeoutMs ?? 120_000,
    maxResponseBytes: limits?.maxResponseBytes ?? 10 * 1024 * 1024,
  };
}

/** Makes authorised clients. One per process: it holds the limits, refreshes and credentials that its clients share. */
export class AuthorizedClientFactory implements ApiClientFactory {
  readonly #sources: SourceParts;
  readonly #gates = new Map<ConnectionId, ConnectionGate>();

  /** @throws MisconfiguredError for unknown options. */
  constructor(
    private readonly parts: AuthorizedClientParts,
    options: AuthorizedClientOptions = {},
  ) {
    const { credentialCacheMs, ...times } = validateOptions<Required<AuthorizedClientOptions>>(
      'Authorised client',
      options,
      {
        defaults: {
          credentialCacheMs: 2_000,
          tokenTimeoutMs: 15_000,
          attemptGraceMs: 15_000,
          leaseMs: 20_000,
        },
      },
    );
    const shared = { ...parts, random: parts.random ?? Math.random, times };
    this.#sources = {
      ...shared,
      cache: new CredentialCache(credentialCacheMs, parts.clock),
      refresher: new CredentialRefresher(shared),
    };
  }

  create<Api>(connector: Connector<Api>, connection: Connection, options: ClientOptions): Api {
    const { id, tenantId } = connection;
    const { clock, events } = this.parts;
    const client = new AuthorizedClient({
      ...this.#shared(connector, connection.profile, options),
      gate: () => this.#gate(id, connector),
      credentials: new StoredCredentialSource(connector, connection, {
        ...this.#sources,
        onRead: this.#onRead(connection, options.reader),
      }),
      onRetry: (cause, waitMs) => {
        const data = { connectionId: id, connector: connector.name, cause, waitMs };
        options.logger.debug('A call is repeated', { ...data, at: clock.now().toISOString() });
        events.publish(tenantId, 'http.retried', data);
      },
    });
    return connector.api(client);
  }

  #onRead(connection: Connection, reader: ClientOptions['reader']): () => void {
    const { onCredentialRead } = this.parts;
    if (!onCredentialRead) return () => undefined;
    const { id: connectionId, tenantId, connector } = connection;
    const { actor, requestId, purpose } = reader ?? UNKNOWN_READER;
    const read = { tenantId, connectionId, connector, actor, requestId, purpose };
    return () => {
      onCredentialRead(read);
    };
  }

  createTemporary<Api>(
    connector: Connector<Api>,
    draft: Parameters<ApiClientFactory['createTemporary']>[1],
    options: ClientOptions,
  ): Api {
    const placed = placeCredential(connector.auth, draft.material, this.parts.crypto);
    const gate = this.#newGate(connector);
    const client = new AuthorizedClient({
      ...this.#shared(connector, draft.profile, options),
      gate: () => gate,
      credentials: new FixedCredentialSource(placed),
      onRetry: () => undefined,
    });
    return connector.api(client);
  }

  #shared<Api>(connector: Connector<Api>, profile: JsonObject, options: ClientOptions) {
    const { name, baseUrl } = connector;
    const shared: Pick<CallParts, 'connector' | 'http' | 'clock' | 'random' | 'limits'> = {
      connector: name,
      http: this.parts.httpOf?.(connector) ?? this.parts.http,
      clock: this.parts.clock,
      random: this.#sources.random,
      limits: limitsOf(connector),
    };
    const url = (): string => (typeof baseUrl === 'string' ? baseUrl : baseUrl(profile));
    return { ...shared, base: () => parseApiBase(name, url()), signal: options.signal };
  }

  #newGate<Api>(connector: Connector<Api>): ConnectionGate {
    const { concurrency = 10, requestsPerSecond } = connector.limits ?? {};
    return new ConnectionGate({ concurrency, requestsPerSecond }, this.parts.clock);
  }

  #gate<Api>(id: ConnectionId, connector: Connector<Api>): ConnectionGate {
    let gate = this.#gates.get(id);
    if (gate) return gate;
    if (this.#gates.size >= MAX_GATES) {
      for (const [key, each] of this.#gates) if (each.idle) this.#gates.delete(key);
    }
    gate = this.#newGate(connector);
    this.#gates.set(id, gate);
    return gate;
  }
}
