import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@tenon/core';
import type { DomainEvent, Persistence } from '@tenon/core';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { App } from './app.js';
import { realAdapters, realApp } from './reliability-app.fixture.js';
import { openLane } from './reliability-lane.fixture.js';
import type { Lane } from './reliability-lane.fixture.js';
import { copyIntegration, PER_PAGE, SHELF_KEY, startShelf } from './reliability-shelf.fixture.js';
import type { Shelf } from './reliability-shelf.fixture.js';
import {
  isQueueEmpty,
  leftovers,
  settled,
  startWorker,
  until,
} from './reliability-worker.fixture.js';
import type { RunDto } from './reliability-worker.fixture.js';

const PAGES = 12;
const RECORDS = PAGES * PER_PAGE;

let postgres: EmbeddedPostgres;
let shelf: Shelf;
let lane: Lane;
/** Apps of their own, as in processes of their own: nothing is shared but the database and the queue. */
let workers: readonly App[] = [];
const events: DomainEvent[] = [];

beforeAll(async () => {
  postgres = await startEmbeddedPostgres();
  shelf = await startShelf();
  lane = await openLane(postgres, shelf, 'control');
  workers = Array.from({ length: 3 }, () =>
    realApp(realAdapters(lane.servers), [copyIntegration(shelf.server.url)]),
  );
  for (const app of workers) app.events.subscribe('*', (event) => void events.push(event));
}, 60_000);

afterAll(async () => {
  await Promise.all(workers.map((app) => app.close()));
  await lane.close();
  await shelf.server.close();
  await postgres.stop();
});

beforeEach(() => {
  // Slow enough that a test can step in.
  shelf.fault = () => ({ body: {}, delayMs: 30 });
});

const url = (): string => lane.servers.databaseUrl;

function startWorkers(): () => Promise<void> {
  const stops = workers.map((app) => startWorker(app));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

const someOf = (set: string): Promise<void> =>
  until(`some of ${set} are across`, () => shelf.of(set).length >= 2 * PER_PAGE);

/** Waits until nothing is on its way, whether the run has ended or not. */
const quiet = (): Promise<void> =>
  until('the queue and the outbox are empty', async () => {
    const { outbox, claims } = await leftovers(url());
    return outbox === 0 && claims === 0 && (await isQueueEmpty(workers[0]!));
  });

async function expectNothingMore(set: string): Promise<void> {
  const calls = shelf.calls.count;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(shelf.calls.count).toBe(calls);
  expect(shelf.of(set).length).toBeLessThan(RECORDS);
}

async function expectWhole(run: RunDto, set: string): Promise<void> {
  expect(shelf.of(set)).toEqual(shelf.expected(set, RECORDS));
  expect(await lane.installed.run(run.id)).toMatchObject({
    state: 'succeeded',
    pendingJobs: 0,
    deadJobs: 0,
    progress: { total: RECORDS, processed: RECORDS, succeeded: RECORDS, failed: 0 },
  });
  expect(await leftovers(url())).toEqual({ outbox: 0, dead: 0, claims: 0, pending: 0 });
}

/** Holds every transaction back for a while when all of its work is done. */
function slowCommits(persistence: Persistence, ms: number): Persistence {
  const transaction: Persistence['transaction'] = (work) =>
    persistence.transaction(async (repositories) => {
      const result = await work(repositories);
      await new Promise((resolve) => setTimeout(resolve, ms));
      return result;
    });
  return new Proxy(persistence, {
    get: (target, property) =>
      property === 'transaction' ? transaction : (Reflect.get(target, property, target) as unknown),
  });
}

const SYSTEM = { requestId: 'control', actor: 'system', logger: silentLogger } as const;

interface Letters {
  readonly items: readonly { readonly reason: string; readonly error: { readonly code: string } }[];
}
const letters = (): Promise<Letters> => lane.installed.person.api.ok('GET', '/api/dead-letters');

describe('a run under three workers', () => {
  it('stops when it is cancelled, and finishes exactly once when it is resumed', async () => {
    const { api } = lane.installed.person;
    const run = await lane.installed.start('cancelled', PAGES);
    const stop = startWorkers();
    await someOf('cancelled');
    await api.ok('POST', `/api/runs/${run.id}/cancel`);
    await quiet();
    await expectNothingMore('cancelled');
    const cancelled = await lane.installed.run(run.id);
    expect(cancelled).toMatchObject({ state: 'cancelled' });
    // Every job that is outstanding is parked, and nothing else is.
    const { dead } = await leftovers(url());
    expect(dead).toBe(cancelled.pendingJobs);
    expect(cancelled.progress.processed).toBeLessThan(RECORDS);
    await api.ok('POST', `/api/runs/${run.id}/resume`);
    await settled(workers[0]!, url());
    await stop();
    await expectWhole(run, 'cancelled');
  }, 60_000);

  it('can be cancelled and resumed again and again', async () => {
    const { api } = lane.installed.person;
    const run = await lane.installed.start('again', PAGES);
    const stop = startWorkers();
    for (let round = 1; round <= 4; round += 1) {
      const reached = shelf.of('again').length;
      await until('it went on', () => shelf.of('again').length > reached + 3);
      await api.ok('POST', `/api/runs/${run.id}/cancel`);
      // Without waiting: jobs of before are still at work and on the queue when it goes on.
      await api.ok('POST', `/api/runs/${run.id}/resume`);
    }
    await settled(workers[0]!, url());
    await stop();
    await expectWhole(run, 'again');
  }, 60_000);

  it('leaves no job parked that a worker parks while the run is being resumed', async () => {
    const { person, tenantId } = lane.installed;
    const run = await lane.installed.start('raced', 1);
    await person.api.ok('POST', `/api/runs/${run.id}/cancel`);
    const { adapters } = workers[0]!;
    const persistence = slowCommits(adapters.persistence, 1_000);
    const slow = realApp({ ...adapters, persistence }, [copyIntegration(shelf.server.url)]);
    const context = await slow.commands.tenants.contextOf(SYSTEM, { tenantId });
    const resumed = slow.commands.runs.resume(context, { runId: run.id });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const stop = startWorkers();
    await resumed;
    await settled(workers[0]!, url(), 10_000);
    await stop();
    expect(shelf.of('raced')).toEqual(shelf.expected('raced', PER_PAGE));
    expect(await leftovers(url())).toEqual({ outbox: 0, dead: 0, claims: 0, pending: 0 });
  }, 30_000);

  it('waits while its installation is disabled and goes on when it is enabled', async () => {
    const { person, installationId } = lane.installed;
    const run = await lane.installed.start('disabled', PAGES);
    const stop = startWorkers();
    await someOf('disabled');
    await person.api.ok('POST', `/api/installations/${installationId}/disable`);
    await quiet();
    await expectNothingMore('disabled');
    const reasons = new Set((await letters()).items.map(({ reason }) => reason));
    expect([...reasons]).toEqual(['installation_disabled']);
    expect(await lane.installed.run(run.id)).toMatchObject({ state: 'running', deadJobs: 0 });
    await person.api.ok('POST', `/api/installations/${installationId}/enable`);
    await settled(workers[0]!, url());
    await stop();
    await expectWhole(run, 'disabled');
  }, 60_000);
});

describe('a provider that does not accept the key any more', () => {
  it('parks the jobs, says so once, and a new key lets them go on by themselves', async () => {
    const { person, connectionId } = lane.installed;
    const run = await lane.installed.start('refused', PAGES);
    const stop = startWorkers();
    await someOf('refused');
    events.length = 0;
    shelf.keys.clear();
    await quiet();
    await expectNothingMore('refused');
    const connection = await person.api.ok('GET', `/api/connections/${connectionId}`);
    expect(connection).toMatchObject({ state: 'needs_reauthorization' });
    const parked = (await letters()).items;
    expect(parked.length).toBeGreaterThan(0);
    for (const letter of parked) {
      expect(letter).toMatchObject({
        reason: 'needs_reauthorization',
        error: { code: 'CONNECTION_NEEDS_REAUTHORIZATION' },
      });
    }
    const told = events.filter(({ type }) => type === 'connection.needs_reauthorization');
    expect(told).toHaveLength(1);
    expect(told[0]?.data).toMatchObject({ connectionId, connector: 'shelf' });
    expect(await lane.installed.run(run.id)).toMatchObject({ state: 'running', deadJobs: 0 });
    const key = 'another-key-of-the-shelf';
    shelf.keys.add(key);
    const again = { connector: 'shelf', connectionId, fields: { apiKey: key } };
    expect(await person.api.ok('POST', '/api/connections', again)).toMatchObject({
      id: connectionId,
      state: 'active',
    });
    await settled(workers[0]!, url());
    await stop();
    shelf.keys.add(SHELF_KEY);
    await expectWhole(run, 'refused');
  }, 60_000);
});
