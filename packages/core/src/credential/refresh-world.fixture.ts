import { createMemoryPersistence } from '@tenon/persistence-memory';
import { aConnection, aCredential, TestClock, TestIds, testCrypto } from '@tenon/testing';
import type { Connection } from '../connection/connection.js';
import { defineConnector } from '../connector/connector.js';
import type { ConnectorLimits } from '../connector/connector.js';
import type { ApiClient } from '../connector/api-client.js';
import { EventBus } from '../event/event-bus.js';
import type { DomainEvent } from '../event/domain-event.js';
import type { Clock } from '../platform/clock.port.js';
import type { HttpClient } from '../platform/http-client.port.js';
import { silentLogger } from '../platform/logger.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import { secret } from '../platform/secret.js';
import { AuthorizedClientFactory } from './authorized-client-factory.js';
import type { AuthorizedClientOptions } from './authorized-client-factory.js';
import { RotatingProvider } from './rotating-provider.fixture.js';
import type { TokenPlan } from './rotating-provider.fixture.js';

/** A connector that hands its client through. */
export function rawConnector(baseUrl: string, limits: ConnectorLimits = {}) {
  return defineConnector<ApiClient>({
    name: 'crm',
    display: { label: 'CRM' },
    auth: {
      type: 'oauth2',
      authorizationUrl: `${baseUrl}/authorize`,
      tokenUrl: `${baseUrl}/token`,
      clientId: 'client',
      clientSecret: secret('client-secret'),
      scopes: ['contacts'],
      refreshMarginMs: 1_000,
    },
    baseUrl,
    limits,
    api: (http) => http,
    identity: () => Promise.resolve({ externalId: 'acme' }),
  });
}

type Shared = Pick<Persistence, 'credentials' | 'connections' | 'leases' | 'transaction'>;

/** One connection on a rotating provider, and processes that call it. */
export async function refreshWorld(options: {
  readonly lifetimeMs: number;
  readonly plan?: () => TokenPlan;
  readonly limits?: ConnectorLimits;
  readonly refreshToken?: string | null;
}) {
  const clock = new TestClock();
  const persistence = createMemoryPersistence();
  const plan = options.plan ?? (() => ({ latencyMs: 100 }));
  const provider = new RotatingProvider(clock, { lifetimeMs: options.lifetimeMs, plan });
  const now = clock.now();
  const connection = aConnection({ createdAt: now, updatedAt: now });
  await persistence.connections.insert(connection);
  await persistence.credentials.insert(
    aCredential({
      tenantId: connection.tenantId,
      connectionId: connection.id,
      material: secret({
        type: 'oauth2',
        accessToken: 'access-0',
        refreshToken: options.refreshToken === undefined ? 'refresh-0' : options.refreshToken,
        tokenType: 'Bearer',
      }),
      expiresAt: new Date(now.getTime() + options.lifetimeMs),
      createdAt: now,
      updatedAt: now,
    }),
  );
  const connector = rawConnector('https://crm.example', options.limits);
  const events: DomainEvent[] = [];
  return {
    clock,
    persistence,
    provider,
    connection,
    connector,
    events,
    /** A client in a process of its own. */
    process(
      input: {
        readonly shared?: Shared;
        readonly clock?: Clock;
        readonly http?: HttpClient;
        readonly options?: AuthorizedClientOptions;
      } = {},
    ): ApiClient {
      const bus = new EventBus({ clock, ids: new TestIds(clock), logger: silentLogger });
      bus.subscribe('*', (event) => void events.push(event));
      const factory = new AuthorizedClientFactory(
        {
          persistence: input.shared ?? persistence,
          http: input.http ?? provider.client(),
          clock: input.clock ?? clock,
          crypto: testCrypto,
          events: bus,
          logger: silentLogger,
          random: () => 0.5,
        },
        input.options,
      );
      return factory.create(connector, connection, { logger: silentLogger });
    },
    async stored() {
      const { tenantId, id } = connection;
      const credential = await persistence.credentials.findByConnection(tenantId, id);
      const material = credential?.material.reveal();
      if (!credential || material?.type !== 'oauth2') throw new Error('There is no credential');
      return { ...credential, material };
    },
    async reload(): Promise<Connection> {
      const found = await persistence.connections.find(connection.tenantId, connection.id);
      if (!found) throw new Error('There is no connection');
      return found;
    },
    /** Moves the time until `work` is settled. */
    async drive<T>(work: Promise<T>, stepMs = 50): Promise<T> {
      const state = { settled: false };
      const watched = work.finally(() => (state.settled = true));
      watched.catch(() => undefined);
      for (let steps = 0; steps < 4_000; steps += 1) {
        if (state.settled) return watched;
        await clock.advance(stepMs);
      }
      throw new Error('The work did not end');
    },
  };
}

/** Repositories that answer late: `delayMs` says how long before and after each statement. */
export function delayed(shared: Shared, clock: Clock, delayMs: () => number): Shared {
  const slow = <T extends object>(repository: T): T =>
    new Proxy(repository, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await clock.sleep(delayMs());
          const result: unknown = await Reflect.apply(member, target, args);
          await clock.sleep(delayMs());
          return result;
        };
      },
    });
  return {
    credentials: slow(shared.credentials),
    connections: slow(shared.connections),
    leases: slow(shared.leases),
    transaction: (work) => shared.transaction(work),
  };
}
