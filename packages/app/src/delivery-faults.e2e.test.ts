import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { ApiCaller } from './api-client.fixture.js';
import type { App } from './app.js';
import { startEmbeddedQueue } from './embedded-queue.js';
import type { EmbeddedQueue } from './embedded-queue.js';
import { realApp, serveApp, sqsOf } from './reliability-app.fixture.js';
import type { ServedApp } from './reliability-app.fixture.js';
import { unrulyQueue } from './reliability-delivery.fixture.js';
import { openLane } from './reliability-lane.fixture.js';
import type { Lane } from './reliability-lane.fixture.js';
import { copyIntegration, PER_PAGE, RECORDS, startShelf } from './reliability-shelf.fixture.js';
import type { Shelf } from './reliability-shelf.fixture.js';
import { leftovers, settled, startWorker, until } from './reliability-worker.fixture.js';
import type { RunDto } from './reliability-worker.fixture.js';

let folder: string;
let postgres: EmbeddedPostgres;
let shelf: Shelf;
let lane: Lane;
let workers: App;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-faults-'));
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  shelf = await startShelf();
  lane = await openLane(postgres, shelf, 'faults');
  workers = lane.served.app;
}, 60_000);

afterAll(async () => {
  await lane.close();
  await shelf.server.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const url = (): string => lane.servers.databaseUrl;

/** The same app with its messages delivered as the fault has it. */
function unrulyApp(): { readonly app: App; readonly deliveries: { count: number } } {
  const adapters = { ...lane.served.app.adapters };
  const deliveries = { count: 0 };
  const queue = unrulyQueue(adapters.queue, deliveries);
  return { app: realApp({ ...adapters, queue }, [copyIntegration(shelf.server.url)]), deliveries };
}

/** The same app on a queue endpoint of its own, which a test may end. */
async function otherQueue(): Promise<{
  readonly queue: EmbeddedQueue;
  readonly served: ServedApp;
  start(set: string): Promise<RunDto>;
}> {
  const queue = await startEmbeddedQueue({ queues: ['default'] });
  const adapters = { ...workers.adapters, queue: sqsOf({ ...lane.servers, queue }) };
  const served = await serveApp(adapters, [copyIntegration(shelf.server.url)]);
  const { person, installationId } = lane.installed;
  const api = new ApiCaller(served.url, person.api.headers);
  const path = `/api/installations/${installationId}/runs`;
  return {
    queue,
    served,
    start: (set) => api.ok('POST', path, { job: 'page', input: { set, page: 1, pages: 1 } }),
  };
}

async function expectWhole(run: RunDto, set: string, records: number = RECORDS): Promise<void> {
  expect(shelf.of(set)).toEqual(shelf.expected(set, records));
  expect(await lane.installed.run(run.id)).toMatchObject({
    state: 'succeeded',
    pendingJobs: 0,
    deadJobs: 0,
    progress: { total: records, processed: records, succeeded: records, failed: 0 },
  });
  const left = await leftovers(url());
  expect(left).toEqual({ outbox: 0, dead: 0, claims: 0, pending: 0 });
}

describe('messages that are not delivered once and in order', () => {
  it('does every job once when each message comes three times, in parallel, late and in disorder', async () => {
    const { app, deliveries } = unrulyApp();
    const run = await lane.installed.start('thrice', 6);
    const stops = [startWorker(app), startWorker(app)];
    await settled(workers, url(), 60_000);
    await Promise.all(stops.map((stop) => stop()));
    await expectWhole(run, 'thrice', 6 * PER_PAGE);
    const jobs = 6 * PER_PAGE + 6;
    expect(deliveries.count).toBeGreaterThanOrEqual(3 * jobs);
    // Duplicates are recognised before the handler, so that the sink hears of no job twice.
    expect(shelf.calls.count).toBe(6 * PER_PAGE);
  }, 90_000);

  it('applies once in an idempotent sink when answers are lost after it applied', async () => {
    const dropped = new Set<string>();
    shelf.fault = (id) => {
      if (dropped.has(id) || Number(id.split('/')[1]) % 2 === 1) return null;
      dropped.add(id);
      return { drop: 'before-answer' };
    };
    const before = shelf.calls.count;
    const run = await lane.installed.start('lost');
    const stop = startWorker(workers);
    await settled(workers, url(), 60_000);
    await stop();
    shelf.fault = null;
    await expectWhole(run, 'lost');
    expect(dropped.size).toBe(RECORDS / 2);
    expect(shelf.calls.count - before).toBe(RECORDS + dropped.size);
  }, 90_000);
});

describe('servers that go away', () => {
  it('goes on without loss when the database was away for two seconds in the middle of a backfill', async () => {
    const pages = 10;
    const run = await lane.installed.start('outage', pages);
    const stop = startWorker(lane.later, { concurrency: 2, visibilityMs: 2_000 });
    await until('some records are across', () => shelf.of('outage').length >= PER_PAGE);
    await postgres.stop();
    const during = shelf.of('outage').length;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(shelf.of('outage').length).toBeLessThan(pages * PER_PAGE);
    const { port } = postgres;
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port });
    await settled(workers, url(), 60_000);
    await stop();
    expect(during).toBeLessThan(pages * PER_PAGE);
    await expectWhole(run, 'outage', pages * PER_PAGE);
  }, 120_000);

  it('hands over from the outbox what was committed while the queue was away', async () => {
    const away = await otherQueue();
    await away.queue.stop();
    const run = await away.start('away');
    expect((await leftovers(url())).outbox).toBe(1);
    // The relay leaves a fresh entry to whoever wrote it; a minute later it takes it.
    const stop = startWorker(lane.later);
    await settled(workers, url());
    await stop();
    await away.served.endServer();
    await expectWhole(run, 'away', PER_PAGE);
  }, 60_000);

  it('cannot bring back what only a queue without durability held: the run shows it as outstanding, can be cancelled, and a new run carries everything', async () => {
    const lossy = await otherQueue();
    const run = await lossy.start('lossy');
    expect((await leftovers(url())).outbox).toBe(0);
    // Handed over: the endpoint in memory alone had the message, and it is gone.
    await lossy.queue.stop();
    await lossy.served.endServer();
    const stop = startWorker(lane.later);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await lane.installed.run(run.id)).toMatchObject({ pendingJobs: 1, deadJobs: 0 });
    await lane.installed.person.api.ok('POST', `/api/runs/${run.id}/cancel`);
    expect(await lane.installed.run(run.id)).toMatchObject({ state: 'cancelled' });
    const again = await lane.installed.start('lossy', 1);
    await until('the new run ends', async () => {
      return (await lane.installed.run(again.id)).state === 'succeeded';
    });
    await stop();
    expect(shelf.of('lossy')).toEqual(shelf.expected('lossy', PER_PAGE));
  }, 60_000);
});
