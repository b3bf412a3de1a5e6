import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { lambdaBundleOptions } from '@tenon/lambda';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import {
  startFakeAws,
  startFakeGateway,
  startLambdaRuntime,
  startScriptedServer,
} from '@tenon/testing';
import type { FakeGateway, LambdaRuntime, ScriptedServer } from '@tenon/testing';
import { build } from 'esbuild';
import { startEmbeddedQueue } from './embedded-queue.js';
import type { EmbeddedQueue } from './embedded-queue.js';

/** The key that the third party accepts. */
export const SHOP_KEY = 'canary-shop-key-7be1';

const ENTRIES = ['api', 'jobs', 'schedule', 'migrate', 'websocket'] as const;

/** The functions as they are uploaded: one folder, its chunks shared. */
export interface UploadedFunctions {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Bundles the entries the way a deployment does. */
export async function bundleFunctions(): Promise<UploadedFunctions> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-functions-'));
  const entryPoints = Object.fromEntries(
    ENTRIES.map((name) => [
      name,
      fileURLToPath(new URL(`./lambda-${name}.fixture.ts`, import.meta.url)),
    ]),
  );
  const options = lambdaBundleOptions({ entryPoints, outdir: folder });
  await build({ ...options, conditions: ['source'], logLevel: 'error' });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A third party that takes orders. */
export interface Shop {
  readonly server: ScriptedServer;
  /** Ids of the orders, in the order of arrival. */
  readonly written: string[];
}

async function startShop(): Promise<Shop> {
  const written: string[] = [];
  const server = await startScriptedServer((request) => {
    if (request.headers['x-shop-key'] !== SHOP_KEY) return { status: 401, body: {} };
    if (request.path === '/me') return { body: { id: 'shop-1', name: 'Shop' } };
    written.push((JSON.parse(request.body) as { id: string }).id);
    return { body: {} };
  });
  return { server, written };
}

async function storeSecret(
  endpoint: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  const name = `orders/${randomUUID()}`;
  await client.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(values) }));
  client.destroy();
  return name;
}

/** Everything around the functions, and a way to start them. */
export interface Cloud {
  readonly shop: Shop;
  readonly queue: EmbeddedQueue;
  /** What browsers are connected through. */
  readonly gateway: FakeGateway;
  /** Keys and the database's address, which only the secret holds. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly appKey: string;
  start(name: string, env?: Readonly<Record<string, string>>): Promise<LambdaRuntime>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL, SQS, Secrets Manager and a third party, for functions that run under `node`. */
export async function startCloud(uploaded: UploadedFunctions, node: string): Promise<Cloud> {
  const [postgres, queue, aws, shop, gateway] = await Promise.all([
    startEmbeddedPostgres(),
    startEmbeddedQueue({ queues: ['default'], visibilitySeconds: 6, maxReceives: 3 }),
    startFakeAws(),
    startShop(),
    startFakeGateway(),
  ]);
  const appKey = `canary-app-${randomBytes(24).toString('base64url')}`;
  const secrets = {
    DATABASE_URL: await postgres.createDatabase('tenon'),
    TENON_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    TENON_APP_KEYS: `back-end=${appKey}`,
  };
  const environment = {
    APP_SECRET_ID: await storeSecret(aws.endpoint, secrets),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
    SHOP_URL: shop.server.url,
    TENON_EGRESS_ALLOW: '127.0.0.1',
    TENON_PUBLIC_URL: 'https://api.example.test',
    TENON_QUEUE_URLS: Object.entries(queue.queues)
      .map(([name, url]) => `${name}=${url}`)
      .join(','),
    TENON_QUEUE_ENDPOINT: queue.endpoint,
    TENON_QUEUE_REGION: queue.region,
    TENON_DATABASE_POOL_SIZE: '2',
    WEBSOCKET_ENDPOINT: gateway.endpoint,
  };
  const started: LambdaRuntime[] = [];
  return {
    shop,
    queue,
    gateway,
    secrets,
    appKey,
    start: async (name, env = {}) => {
      const runtime = await startLambdaRuntime({
        bundle: join(uploaded.folder, `${name}.mjs`),
        node,
        env: { ...environment, ...env },
        timeoutMs: 30_000,
      });
      started.push(runtime);
      return runtime;
    },
    stop: async () => {
      await Promise.all(started.map((runtime) => runtime.stop()));
      await Promise.all([
        queue.stop(),
        postgres.stop(),
        aws.stop(),
        shop.server.close(),
        gateway.stop(),
      ]);
    },
  };
}
