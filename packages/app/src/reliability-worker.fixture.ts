import { createJobConsumer } from '@tenon/sqs-worker';
import type { AppContext, RunId, TenantId } from '@tenon/core';
import pg from 'pg';
import type { App } from './app.js';
import { signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import { startLoop } from './loop.js';
import { SHELF_KEY } from './reliability-shelf.fixture.js';

/** What the API says of a run. */
export interface RunDto {
  readonly id: RunId;
  readonly state: string;
  readonly pendingJobs: number;
  readonly deadJobs: number;
  readonly progress: {
    readonly total: number | null;
    readonly processed: number;
    readonly succeeded: number;
    readonly failed: number;
  };
}

/** A person with the shelf connected and copying installed. */
export interface Installed {
  readonly person: Person;
  readonly tenantId: TenantId;
  readonly connectionId: string;
  readonly installationId: string;
  start(set: string, pages?: number): Promise<RunDto>;
  run(id: string): Promise<RunDto>;
}

/** Signs up, connects and installs, over HTTP. */
export async function install(url: string): Promise<Installed> {
  const person = await signUp(url);
  const { api } = person;
  const account = { connector: 'shelf', fields: { apiKey: SHELF_KEY } };
  const connection = await api.ok<{ id: string }>('POST', '/api/connections', account);
  const wanted = { integration: 'copy', connections: { shelf: connection.id } };
  const { id } = await api.ok<{ id: string }>('POST', '/api/installations', wanted);
  return {
    person,
    tenantId: person.tenantId as TenantId,
    connectionId: connection.id,
    installationId: id,
    start: (set, pages) => {
      const input = { set, ...(pages !== undefined && { pages }) };
      return api.ok<RunDto>('POST', `/api/installations/${id}/runs`, { job: 'page', input });
    },
    run: (runId) => api.ok<RunDto>('GET', `/api/runs/${runId}`),
  };
}

const SYSTEM = { requestId: 'reliability', actor: 'system' } as const;

/** How a worker of this process works. */
export interface WorkerOptions {
  readonly concurrency?: number;
  readonly visibilityMs?: number;
}

/** Starts a worker and an outbox relay of an app in this process. Answers how to stop both. */
export function startWorker(app: App, options: WorkerOptions = {}): () => Promise<void> {
  const { queue, platform, logger } = app.adapters;
  const context: AppContext = { ...SYSTEM, logger };
  const consumer = createJobConsumer({
    queue,
    queueName: 'default',
    clock: platform.clock,
    logger,
    batches: 1,
    waitMs: 100,
    process: (given, delivery) => app.commands.jobs.process(given, delivery),
    concurrency: options.concurrency ?? 4,
    visibilityMs: options.visibilityMs ?? 2_000,
  });
  consumer.start();
  const work = () => app.commands.jobs.relayOutbox(context, {});
  const stop = startLoop({ name: 'relay', everyMs: 50, clock: platform.clock, logger, work });
  return async () => {
    await consumer.stop();
    await stop();
  };
}

/** Waits until something holds. @throws Error naming it after the time. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Rows of a database by a way that shares nothing with the adapters. */
export async function rows<Row extends object>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** What is left to do in the database: all numbers are 0 when a run has come to its end. */
export async function leftovers(
  databaseUrl: string,
): Promise<{ outbox: number; dead: number; claims: number; pending: number }> {
  const [row] = await rows<{ outbox: number; dead: number; claims: number; pending: number }>(
    databaseUrl,
    `SELECT (SELECT count(*)::int FROM outbox) AS outbox,
            (SELECT count(*)::int FROM dead_letters) AS dead,
            (SELECT count(*)::int FROM inbox WHERE keep_until IS NULL) AS claims,
            (SELECT coalesce(sum(pending_jobs), 0)::int FROM runs) AS pending`,
  );
  if (!row) throw new Error('The database answered nothing');
  return row;
}

/** Nothing is waiting, in flight or delayed on the queue. */
export async function isQueueEmpty({ adapters }: App): Promise<boolean> {
  const states = await adapters.queue.status();
  return states.every(({ waiting, inFlight, delayed }) => waiting + inFlight + delayed === 0);
}

/** Waits until every run has ended, everything was handed over and every message was acknowledged. */
export async function settled(app: App, databaseUrl: string, timeoutMs = 30_000): Promise<void> {
  let seen = '';
  const isSettled = async (): Promise<boolean> => {
    const left = await leftovers(databaseUrl);
    seen = JSON.stringify([left, await app.adapters.queue.status()]);
    return left.outbox === 0 && left.pending === 0 && (await isQueueEmpty(app));
  };
  await until('nothing is left to do', isSettled, timeoutMs).catch((error: unknown) => {
    throw new Error(`There is something left to do: ${seen}`, { cause: error });
  });
}
