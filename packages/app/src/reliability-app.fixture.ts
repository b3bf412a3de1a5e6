import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { secret, silentLogger } from '@tenon/core';
import type { Clock, Integration, Logger, Platform, Queue } from '@tenon/core';
import { createAesEncryptor } from '@tenon/encryption-aes';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createPostgresqlPersistence } from '@tenon/persistence-postgresql';
import { createNodePlatform } from '@tenon/platform-node';
import { createSqsQueue } from '@tenon/queue-sqs';
import type { Adapters } from './adapters.js';
import type { App } from './app.js';
import { createApp } from './create-app.js';
import { APP_KEY, HEALTH_KEY } from './test-app.fixture.js';

/** Where the real servers of an app are. */
export interface Servers {
  readonly databaseUrl: string;
  /** 32 bytes in base64, by key id; the first one writes. */
  readonly keys: Readonly<Record<string, string>>;
  readonly queue: { readonly endpoint: string; readonly queues: Readonly<Record<string, string>> };
}

/** The SQS queue of servers; the endpoint asks for credentials without looking at them. */
export function sqsOf({ queue }: Servers): Queue {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
  const { endpoint, queues } = queue;
  return createSqsQueue({ endpoint, queues, region: 'us-east-1' });
}

/** PostgreSQL, SQS, AES and undici, as an app in production has them. */
export function realAdapters(servers: Servers, logger: Logger = silentLogger): Adapters {
  const writingKeyId = Object.keys(servers.keys)[0] ?? '';
  const encryptor = createAesEncryptor({ keys: servers.keys, writingKeyId });
  return {
    platform: createNodePlatform(),
    logger,
    encryptor,
    persistence: createPostgresqlPersistence({
      connectionString: servers.databaseUrl,
      encryptor,
      logger,
      poolSize: 6,
    }),
    queue: sqsOf(servers),
    http: createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } }),
  };
}

/** How long a job's lease lasts in these tests. */
export const LEASE_MS = 1_000;

/** Composes the app of these tests. */
export function realApp(
  adapters: Adapters,
  integrations: readonly Integration[],
  publicUrl = 'http://127.0.0.1:9',
): App {
  return createApp({
    adapters,
    settings: {
      publicUrl,
      appKeys: [{ id: 'test', key: secret(APP_KEY) }],
      healthKey: secret(HEALTH_KEY),
      jobLeaseMs: LEASE_MS,
    },
    integrations,
  });
}

/** An app with its API on a loopback port. */
export interface ServedApp {
  readonly app: App;
  readonly url: string;
  /** Ends the server, not the app. */
  endServer(): Promise<void>;
  close(): Promise<void>;
}

/** Serves an app's API. */
export async function serveApp(
  adapters: Adapters,
  integrations: readonly Integration[] | ((url: string) => Promise<readonly Integration[]>),
): Promise<ServedApp> {
  const listening: { app: App | null } = { app: null };
  const server = createServer((request, response) => {
    void listening.app?.api().then((listener) => {
      listener(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const known = typeof integrations === 'function' ? await integrations(url) : integrations;
  const app = realApp(adapters, known, url);
  listening.app = app;
  const endServer = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    app,
    url,
    endServer,
    close: async () => {
      await endServer();
      await app.close();
    },
  };
}

/** A platform whose clock is ahead: leases have ended and what waits in the outbox is due, without anybody waiting. */
export function aheadBy(ms: number, platform: Platform = createNodePlatform()): Platform {
  const { clock } = platform;
  const ahead: Clock = {
    now: () => new Date(clock.now().getTime() + ms),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (time, signal) => clock.sleep(time, signal),
    deadline: (time, parent) => clock.deadline(time, parent),
  };
  return { ...platform, clock: ahead };
}
