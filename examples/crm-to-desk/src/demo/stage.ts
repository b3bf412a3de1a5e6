import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from '../app.js';
import { startCrm, startDesk } from '../services/start.js';
import type { RunningCrm, RunningDesk } from '../services/start.js';
import { AppProcess } from './app-process.js';

/** Everything that runs during the demo. */
export interface Stage {
  readonly crm: RunningCrm;
  readonly desk: RunningDesk;
  readonly deskKey: string;
  readonly clientSecret: string;
  readonly appKey: string;
  readonly healthKey: string;
  readonly apiUrl: string;
  readonly servers: readonly { readonly name: string; readonly address: string }[];
  /** Starts one more worker process. */
  startWorker(): Promise<AppProcess>;
  stop(): Promise<void>;
}

/** Ends things in the reverse order of their start, also when the start was cut short. */
class Closers {
  readonly #list: (() => Promise<unknown>)[] = [];

  add<T>(thing: T, close: (thing: T) => Promise<unknown>): T {
    this.#list.push(() => close(thing));
    return thing;
  }

  async close(): Promise<void> {
    for (const close of this.#list.splice(0).reverse()) await close().catch(() => undefined);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const secretText = (): string => randomBytes(32).toString('base64url');

async function startServices(closers: Closers, records: number, callback: string) {
  const clientSecret = secretText();
  const deskKey = secretText();
  const crm = closers.add(
    await startCrm({
      clientSecret,
      redirectUris: [callback],
      records,
      accessTokenTtlSeconds: 5,
      rateLimitPerSecond: 12,
      rateLimitBurst: 8,
    }),
    (each) => each.stop(),
  );
  const desk = closers.add(
    await startDesk({ apiKey: deskKey, outageRate: 0.02, retryAfterSeconds: 0 }),
    (each) => each.stop(),
  );
  return { crm, desk, clientSecret, deskKey };
}

async function build(closers: Closers, records: number): Promise<Omit<Stage, 'stop'>> {
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const services = await startServices(closers, records, `${apiUrl}/api/connections/callback`);
  const directory = closers.add(await mkdtemp(join(tmpdir(), 'tenon-demo-')), (each) =>
    rm(each, { recursive: true, force: true }),
  );
  const keys = { appKey: secretText(), healthKey: secretText() };
  const own = {
    PATH: process.env['PATH'],
    // Which Node.js is supported is told once, by the package's own engines.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    PORT: String(port),
    CRM_URL: services.crm.url,
    CRM_CLIENT_ID: 'tenon-demo',
    CRM_CLIENT_SECRET: services.clientSecret,
    DESK_URL: services.desk.url,
    TENON_PUBLIC_URL: apiUrl,
    TENON_APP_KEYS: `demo=${keys.appKey}`,
    TENON_HEALTH_KEY: keys.healthKey,
    TENON_EGRESS_ALLOW: [services.crm.url, services.desk.url]
      .map((url) => new URL(url).host)
      .join(','),
    TENON_LOG_LEVEL: 'error',
    TENON_JOB_LEASE_MS: '5000',
  };
  const servers = closers.add(
    await app.startLocalServers({ directory, environment: own }),
    (each) => each.stop(),
  );
  const environment = { ...own, ...servers.environment };
  await app.deployMigrations(environment);
  closers.add(await AppProcess.start('api', environment), (each) => each.stop());
  const startWorker = async (): Promise<AppProcess> =>
    closers.add(await AppProcess.start('worker', environment), (each) => each.stop());
  return { ...services, ...keys, apiUrl, servers: servers.summary, startWorker };
}

/** Starts the third-party services, the local servers and the API. @throws Error saying what did not start. */
export async function openStage(records: number): Promise<Stage> {
  const closers = new Closers();
  try {
    return { ...(await build(closers, records)), stop: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
