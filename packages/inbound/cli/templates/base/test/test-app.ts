import { createApp } from '@tenon/app';
import type { App } from '@tenon/app';
import type { Context, Environment, Installation } from '@tenon/core';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createMemoryQueue } from '@tenon/queue-memory';
import {
  createTestPlatform,
  recordingLogger,
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
  /** Works on what is queued now; what was put off waits for the clock. */
  drain(): Promise<void>;
}

type SubmitInput = Parameters<App['commands']['connections']['submit']>[1];
type InstallInput = Parameters<App['commands']['installations']['create']>[1];

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

/** The app of `src/app.ts` on adapters in memory; third parties may be on loopback. */
export function startTestApp(environment: Environment = {}): TestApp {
  const platform = createTestPlatform();
  const { clock, ids } = platform;
  const encryptor = testEncryptor();
  const logger = recordingLogger();
  const { connectors = [], integrations = [] } = parts(environment);
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
    drain: async () => {
      for (const queue of app.queues) await drainQueue(app, queue);
    },
  };
}
