import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import {
  aConnection,
  aCredential,
  recordingLogger,
  startScriptedServer,
  TestClock,
  TestIds,
  testCrypto,
} from '@tenon/testing';
import type { AuthDefinition } from '../connector/auth.js';
import type { ApiClient } from '../connector/api-client.js';
import { defineConnector } from '../connector/connector.js';
import type { ConnectorLimits } from '../connector/connector.js';
import { EventBus } from '../event/event-bus.js';
import type { DomainEvent } from '../event/domain-event.js';
import { secret } from '../platform/secret.js';
import { AuthorizedClientFactory } from './authorized-client-factory.js';
import type { CredentialMaterial } from './credential.js';

/** A secret that must not show up anywhere. */
export const CANARY = 'canary-4e1f0a';

const bearer: CredentialMaterial = {
  type: 'oauth2',
  accessToken: CANARY,
  refreshToken: 'refresh',
  tokenType: 'bearer',
};

/** A scripted provider, a real HTTP client, and clients on a clock that moves by itself. */
export async function startApiWorld() {
  const server = await startScriptedServer();
  const http = createUndiciHttpClient({ egress: { allow: [new URL(server.url).host] } });
  const oauth2: AuthDefinition = {
    type: 'oauth2',
    authorizationUrl: `${server.url}/authorize`,
    tokenUrl: `${server.url}/token`,
    clientId: 'client',
    scopes: [],
  };

  async function setUp(
    input: { auth?: AuthDefinition; material?: CredentialMaterial; limits?: ConnectorLimits } = {},
  ) {
    const clock = new TestClock({ autoAdvance: true });
    const persistence = createMemoryPersistence();
    const logger = recordingLogger();
    const events = new EventBus({ clock, ids: new TestIds(clock), logger });
    const seen: DomainEvent[] = [];
    events.subscribe('*', (event) => void seen.push(event));
    const connection = aConnection();
    await persistence.connections.insert(connection);
    await persistence.credentials.insert(
      aCredential({
        tenantId: connection.tenantId,
        connectionId: connection.id,
        material: secret(input.material ?? bearer),
        expiresAt: null,
      }),
    );
    const connector = defineConnector<ApiClient>({
      name: 'crm',
      display: { label: 'CRM' },
      auth: input.auth ?? oauth2,
      baseUrl: `${server.url}/api/v1/`,
      ...(input.limits && { limits: input.limits }),
      api: (client) => client,
      identity: () => Promise.resolve({ externalId: 'acme' }),
    });
    const parts = { persistence, http, clock, crypto: testCrypto, events, logger };
    const factory = new AuthorizedClientFactory({ ...parts, random: () => 1 });
    const client = factory.create(connector, connection, { logger });
    return { clock, persistence, connection, connector, factory, client, logger, seen };
  }

  return {
    server,
    setUp,
    close: async () => {
      await http.close();
      await server.close();
    },
  };
}

/** What a call throws. */
export async function failure(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error: unknown = await call.then(
    () => new Error('the call did not fail'),
    (reason: unknown) => reason,
  );
  return error as Record<string, unknown>;
}
