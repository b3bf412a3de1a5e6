import { createApp } from '@tenon/app';
import type { App, AppParts } from '@tenon/app';
import { authFields, secret } from '@tenon/core';
import type {
  ConnectionId,
  Connector,
  Context,
  Environment,
  Installation,
  JsonObject,
} from '@tenon/core';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createNodePlatform } from '@tenon/platform-node';
import { createMemoryQueue } from '@tenon/queue-memory';
import {
  aConnection,
  aCredential,
  aWebhookEndpoint,
  createTestPlatform,
  recordingLogger,
  signedWebhook,
  testAppContext,
  testEncryptor,
  type RecordingLogger,
  type TestClock,
} from '@tenon/testing';
import { parts } from '../src/app.js';

export interface TestApp {
  readonly app: App;
  /** Stands still until it is moved: `clock.advance(ms)`. */
  readonly clock: TestClock;
  readonly logger: RecordingLogger;
  /** A user in a tenant of its own. */
  signUp(): Promise<Context>;
  /** Connects an account with what its form asks for, such as `{ apiKey: '…' }`; answers the connection's id. */
  connect(user: Context, connector: string, fields: Record<string, string>): Promise<string>;
  install(
    user: Context,
    integration: string,
    connections: Readonly<Record<string, string>>,
  ): Promise<Installation>;
  /** Installs with an account in each slot as if it had signed in: no provider is asked. */
  installed(user: Context, integration: string, config?: JsonObject): Promise<Installation>;
  /** Delivers an event of a slot's provider, signed as its connector says. */
  deliver(installation: Installation, slot: string, data: JsonObject): Promise<void>;
  /** Starts what schedules name for the year that has passed: the last time of each. */
  tick(): Promise<void>;
  /** Works on what is queued now; what was put off waits for the clock. */
  drain(): Promise<void>;
}

type SubmitInput = Parameters<App['commands']['connections']['submit']>[1];
type InstallInput = Parameters<App['commands']['installations']['create']>[1];

const YEAR_MS = 366 * 24 * 3_600_000;

async function drainQueue({ adapters, commands }: App, queue: string): Promise<void> {
  const context = testAppContext({ actor: 'system', logger: adapters.logger });
  for (;;) {
    const request = { queue, max: 10, waitMs: 0, visibilityMs: 60_000 };
    const messages = await adapters.queue.receive(request);
    if (messages.length === 0) return;
    for (const message of messages) {
      const { id: messageId, body, receiveCount, groupId = null } = message;
      const { signal } = new AbortController();
      const delivery = { body, queue, messageId, groupId, receiveCount, signal };
      const outcome = await commands.jobs.process(context, delivery);
      if (outcome.decision === 'ack') await adapters.queue.acknowledge(queue, [message]);
      else await adapters.queue.release(queue, [message], outcome.delayMs);
    }
  }
}

async function signUp({ commands }: App): Promise<Context> {
  const backEnd = testAppContext();
  const { id: tenantId } = await commands.tenants.create(backEnd, { name: 'Acme' });
  const owner = await commands.tenants.contextOf(backEnd, { tenantId });
  const { id: userId } = await commands.users.create(owner, { kind: 'individual' });
  return commands.tenants.contextOf(backEnd, { tenantId, userId });
}

/** Signs in nobody: the account is there. */
async function addAccount(app: App, user: Context, connector: Connector): Promise<ConnectionId> {
  const { auth, name } = connector;
  const { tenantId, userId } = user;
  if (userId === null) throw new Error('An account belongs to a user: sign up first');
  const connection = aConnection({ tenantId, userId, connector: name });
  const credential = { tenantId, connectionId: connection.id, expiresAt: null };
  const fields = auth.type === 'oauth2' ? [] : Object.keys(authFields(auth));
  const filled = Object.fromEntries(fields.map((field) => [field, `test-${field}`]));
  const material = auth.type !== 'oauth2' && {
    material: secret({ type: auth.type, fields: filled }),
  };
  await app.adapters.persistence.transaction(async ({ connections, credentials }) => {
    await connections.insert(connection);
    await credentials.insert(aCredential({ ...credential, ...material }));
  });
  return connection.id;
}

async function installed(
  app: App,
  user: Context,
  wish: { readonly integration: string; readonly config: JsonObject },
): Promise<Installation> {
  const connections: Record<string, ConnectionId> = {};
  const slots = app.registry.integration(wish.integration).connections;
  for (const [slot, connector] of Object.entries(slots)) {
    connections[slot] = await addAccount(app, user, connector);
  }
  return app.commands.installations.create(user, { ...wish, connections });
}

async function deliver(
  { adapters, commands, registry }: App,
  installation: Installation,
  event: { readonly slot: string; readonly data: JsonObject },
): Promise<void> {
  const { slot, data } = event;
  const { tenantId, id: installationId } = installation;
  const connector = registry.integration(installation.integration).connections[slot];
  const connectionId = installation.connections[slot];
  if (!connector?.webhooks || !connectionId) throw new Error(`'${slot}' has no webhooks`);
  const { webhookEndpoints } = adapters.persistence;
  const own = { tenantId, installationId, slot, connectionId, connector: connector.name };
  const fresh = aWebhookEndpoint({ ...own, signingSecret: null });
  const endpoint = await webhookEndpoints.ensure(fresh);
  const signingSecret = endpoint.signingSecret ?? secret('whsec_dGVzdHMgc2lnbiB3aXRoIHRoaXMh');
  await webhookEndpoints.update({ ...endpoint, signingSecret });
  const { clock, ids } = adapters.platform;
  const request = signedWebhook({
    scheme: connector.webhooks,
    secret: signingSecret.reveal(),
    body: JSON.stringify(data),
    at: clock.now(),
    id: ids.next(),
  });
  await commands.webhooks.receive(testAppContext(), { endpointId: endpoint.id, ...request });
}

/** Tokens come from there too; nobody asks for the page where people sign in. */
function authAt(url: string, auth: Connector['auth']): Connector['auth'] {
  if (auth.type !== 'oauth2') return auth;
  return { ...auth, tokenUrl: new URL(new URL(auth.tokenUrl).pathname, url).href };
}

/** The parts with all their connectors at one address. */
function at(url: string, { connectors = [], integrations = [] }: AppParts): AppParts {
  const moved = new Map<Connector, Connector>();
  const move = (connector: Connector): Connector => {
    const auth = authAt(url, connector.auth);
    const known = moved.get(connector) ?? { ...connector, auth, baseUrl: url };
    moved.set(connector, known);
    return known;
  };
  return {
    connectors: connectors.map(move),
    integrations: integrations.map((integration) => ({
      ...integration,
      connections: Object.fromEntries(
        Object.entries(integration.connections).map(([slot, each]) => [slot, move(each)]),
      ),
    })),
  };
}

/** The app of `src/app.ts` on adapters in memory; third parties may be on loopback, all of them at `provider`. */
export function startTestApp(
  environment: Environment = {},
  { provider }: { readonly provider?: string } = {},
): TestApp {
  const platform = createTestPlatform({ cron: createNodePlatform().cron });
  const { clock, ids } = platform;
  const encryptor = testEncryptor();
  const logger = recordingLogger();
  const own = parts(environment);
  const { connectors = [], integrations = [] } = provider === undefined ? own : at(provider, own);
  const queues = integrations.flatMap(({ jobs }) =>
    Object.values(jobs ?? {}).map(({ queue }) => queue ?? 'default'),
  );
  const app = createApp({
    adapters: {
      platform,
      encryptor,
      logger,
      persistence: createMemoryPersistence({ encryptor }),
      queue: createMemoryQueue({ queues: [...new Set(['default', ...queues])], clock, ids }),
      http: createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } }),
    },
    settings: { publicUrl: 'https://integrations.example.com' },
    connectors,
    integrations,
  });
  return {
    app,
    clock,
    logger,
    signUp: () => signUp(app),
    connect: async (user, connector, fields) => {
      const input: SubmitInput = { connector, fields };
      return (await app.commands.connections.submit(user, input)).id;
    },
    install: (user, integration, connections) =>
      app.commands.installations.create(user, {
        integration,
        connections: connections as InstallInput['connections'],
      }),
    installed: (user, integration, config = {}) => installed(app, user, { integration, config }),
    deliver: (installation, slot, data) => deliver(app, installation, { slot, data }),
    tick: async () => {
      const context = testAppContext({ actor: 'system', logger });
      const since = new Date(clock.now().getTime() - YEAR_MS);
      await app.commands.schedules.tick(context, { since });
    },
    drain: async () => {
      for (const queue of app.queues) await drainQueue(app, queue);
    },
  };
}
