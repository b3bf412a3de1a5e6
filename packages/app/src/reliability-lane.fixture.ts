import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createPostgresqlPersistence } from '@tenon/persistence-postgresql';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import type { App } from './app.js';
import { startEmbeddedQueue } from './embedded-queue.js';
import type { EmbeddedQueue } from './embedded-queue.js';
import { aheadBy, realAdapters, realApp, serveApp } from './reliability-app.fixture.js';
import type { ServedApp, Servers } from './reliability-app.fixture.js';
import type { CrashPoint } from './reliability-crash.fixture.js';
import type { WorkerOrder } from './reliability-process.fixture.js';
import { copyIntegration } from './reliability-shelf.fixture.js';
import type { Shelf } from './reliability-shelf.fixture.js';
import { install, settled, startWorker } from './reliability-worker.fixture.js';
import type { Installed } from './reliability-worker.fixture.js';

/** A database and a queue of their own, with an API and whatever workers a test starts. */
export interface Lane {
  readonly servers: Servers;
  readonly served: ServedApp;
  readonly installed: Installed;
  /** The same app a minute later: its workers need not wait for leases and for the outbox. */
  readonly later: App;
  close(): Promise<void>;
}

/** A migrated database of its own on a server. */
export async function freshServers(
  postgres: EmbeddedPostgres,
  queue: EmbeddedQueue,
  name: string,
): Promise<Servers> {
  const databaseUrl = await postgres.createDatabase(name);
  const keys = { k1: generateKey() };
  const encryptor = createAesEncryptor({ keys, writingKeyId: 'k1' });
  const database = createPostgresqlPersistence({ connectionString: databaseUrl, encryptor });
  await database.migrate();
  await database.close();
  const { endpoint, queues } = queue;
  return { databaseUrl, keys, queue: { endpoint, queues } };
}

/** Opens a lane with the copying integration installed. */
export async function openLane(
  postgres: EmbeddedPostgres,
  shelf: Shelf,
  name: string,
): Promise<Lane> {
  const queue = await startEmbeddedQueue({ queues: ['default'], visibilitySeconds: 2 });
  const servers = await freshServers(postgres, queue, name);
  const adapters = realAdapters(servers);
  const integrations = [copyIntegration(shelf.server.url)];
  const served = await serveApp(adapters, integrations);
  return {
    servers,
    served,
    installed: await install(served.url),
    later: realApp({ ...adapters, platform: aheadBy(60_000) }, integrations),
    close: async () => {
      await served.close();
      await queue.stop();
    },
  };
}

/** How a worker process ended, and what it passed. */
export interface WorkerEnd {
  readonly killed: boolean;
  readonly points: readonly string[];
}

/** A worker process. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<WorkerEnd>;
}

/** Starts a worker process from a bundle of `reliability-process.fixture.ts`. */
export function startWorkerProcess(program: string, order: WorkerOrder): WorkerProcess {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // The SDK's notice about old Node versions is not this test's.
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = once(child, 'close').then(([code, signal]): WorkerEnd => {
    if (signal !== 'SIGKILL' && code !== 0)
      throw new Error(`A worker process ended with ${String(code)} ${String(signal)}`);
    const points = text.split('\n').filter((line) => line.includes(':'));
    return { killed: signal === 'SIGKILL', points };
  });
  ended.catch(() => undefined);
  return { child, ended };
}

const RECOVERY_MS = 75_000;

/** One run with a worker that dies at a point, and a clean worker after it. */
export async function crashAndRecover(
  lane: Lane,
  order: { readonly program: string; readonly shelfUrl: string; readonly crash: CrashPoint | null },
  set: string,
): Promise<WorkerEnd & { readonly runId: string }> {
  const { program, shelfUrl, crash } = order;
  const { id: runId } = await lane.installed.start(set);
  const { child, ended } = startWorkerProcess(program, { servers: lane.servers, shelfUrl, crash });
  const finish = settled(lane.served.app, lane.servers.databaseUrl).then(
    () => child.stdin?.end(),
    () => undefined,
  );
  const end = await ended;
  if (end.killed) {
    const stop = startWorker(lane.later);
    // Longer than the relay hides what it could not send: what is left then is lost, not late.
    await settled(lane.served.app, lane.servers.databaseUrl, RECOVERY_MS).finally(stop);
    await finish;
  }
  await settled(lane.served.app, lane.servers.databaseUrl, 5_000);
  return { ...end, runId };
}
