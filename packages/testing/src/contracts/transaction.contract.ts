import type { Repositories } from '@tenon/core';
import { anAuthorizationSession } from '../fixtures/entities.js';
import { anOutgoingJob } from '../fixtures/jobs.js';
import { uniqueId, uniqueName, uniquePast } from '../fixtures/unique.js';
import { firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Ends a wait that would never end by itself. */
function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Not settled within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Writes through every repository; answers a reader that counts what it finds of that. */
async function writeAll(repositories: Repositories) {
  const world = await World.create(repositories);
  const installation = await world.addInstallation();
  const scope = scopeOf(installation);
  const token = await world.addToken();
  const credential = await world.addCredential();
  const session = anAuthorizationSession(world.owner);
  await repositories.authorizationSessions.insert(session);
  const mappings = { ...scope, kind: 'contact' };
  const row = { sourceId: '1', targetId: null, hash: null, state: null };
  await repositories.mappings.upsertMany(mappings, [row], at);
  const run = await world.addRun(installation);
  const claim = { ...scope, key: uniqueId(), owner: 'a', leaseMs: 60_000, now: at };
  await repositories.inbox.claim(claim);
  const past = uniquePast();
  const job = anOutgoingJob();
  await repositories.outbox.add([job], past, past);
  const deadLetter = await world.addDeadLetter(installation);
  const lease = { key: uniqueName('lease'), owner: 'a', ttlMs: 60_000, now: at };
  await repositories.leases.acquire(lease);
  const endpoint = await world.addEndpoint(installation);
  const delivery = await world.addDelivery(endpoint);
  const { tenantId } = world;
  return async (db: Repositories): Promise<Record<string, boolean>> => ({
    tenants: (await db.tenants.find(tenantId)) !== null,
    users: (await db.users.find(tenantId, world.user.id)) !== null,
    tokens: (await db.tokens.findWithOwner(token.id)) !== null,
    connections: (await db.connections.find(tenantId, credential.connectionId)) !== null,
    credentials:
      (await db.credentials.findByConnection(tenantId, credential.connectionId)) !== null,
    sessions: (await db.authorizationSessions.consume(session.stateHash, new Date())) !== null,
    installations: (await db.installations.find(tenantId, installation.id)) !== null,
    mappings: (await db.mappings.count(mappings)) === 1,
    runs: (await db.runs.find(tenantId, run.id)) !== null,
    inbox: (await db.inbox.claim({ ...claim, owner: 'b' })).outcome === 'in_progress',
    outbox: (await db.outbox.take(10, past, later(past, 1))).some(({ id }) => id === job.id),
    deadLetters: (await db.deadLetters.find(tenantId, deadLetter.id)) !== null,
    leases: (await db.leases.acquire({ ...lease, owner: 'b' })) === null,
    endpoints: (await db.webhookEndpoints.findById(endpoint.id)) !== null,
    deliveries: (await db.webhookDeliveries.find(tenantId, delivery.id)) !== null,
  });
}

/** Tests of `Persistence.transaction`: what is kept. */
export function transactionContract({ describe, it, expect }: PersistenceSuite): void {
  const reason = new Error('rolled back on purpose');

  describe('transaction', () => {
    it('transaction: keeps the writes of every repository', async ({ persistence }) => {
      const found = await persistence.transaction(writeAll);
      const answers = await found(persistence);
      expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, true])));
      expect(Object.keys(answers)).toHaveLength(15);
    });

    it('transaction: rolls the writes of every repository back', async ({ persistence }) => {
      let found: Awaited<ReturnType<typeof writeAll>> | undefined;
      const work = async (repositories: Repositories): Promise<void> => {
        found = await writeAll(repositories);
        throw reason;
      };
      await expect(persistence.transaction(work)).rejects.toBe(reason);
      const answers = await found!(persistence);
      expect(answers).toEqual(
        Object.fromEntries(Object.keys(answers).map((name) => [name, false])),
      );
    });

    it('transaction: reads see the writes before them', async ({ persistence }) => {
      const answers = await persistence.transaction(async (repositories) => {
        const found = await writeAll(repositories);
        return found(repositories);
      });
      expect(Object.values(answers)).toEqual(Object.values(answers).map(() => true));
    });

    it('transaction: rolls changes and deletions back', async ({ persistence }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const scope = { ...scopeOf(installation), kind: 'contact' };
      const row = (sourceId: string, hash: string) => ({
        ...{ sourceId, hash },
        ...{ targetId: null, state: null },
      });
      await persistence.mappings.upsertMany(scope, [row('1', 'before'), row('2', 'before')], at);
      const run = await world.addRun(installation);
      const connection = await world.addConnection();
      const token = await world.addToken();
      const deadLetter = await world.addDeadLetter(installation);
      const { tenantId } = world;
      const work = async (db: Repositories): Promise<never> => {
        await db.mappings.upsertMany(scope, [row('1', 'after'), row('3', 'after')], at);
        await db.mappings.deleteMany(scope, ['2']);
        await db.runs.advance(tenantId, run.id, {
          progress: { processed: 5 },
          pendingJobs: -1,
          at,
        });
        await db.connections.delete(tenantId, connection.id);
        await db.users.update({ ...world.user, email: 'changed@example.com' });
        await db.tokens.revokeAllOf(tenantId, world.user.id, at);
        await db.deadLetters.take(tenantId, {}, 10);
        await db.installations.update({ ...installation, name: 'changed' });
        throw reason;
      };
      await expect(persistence.transaction(work)).rejects.toBe(reason);
      const hashes = (await persistence.mappings.list(scope, null, 10)).map(
        ({ sourceId, hash }) => `${sourceId} ${hash}`,
      );
      expect(hashes).toEqual(['1 before', '2 before']);
      expect(await persistence.runs.find(tenantId, run.id)).toEqual(run);
      expect(await persistence.connections.find(tenantId, connection.id)).toEqual(connection);
      expect(await persistence.users.find(tenantId, world.user.id)).toEqual(world.user);
      const tokens = await persistence.tokens.list(tenantId, undefined, firstPage);
      expect(tokens.items).toEqual([token]);
      const deadLetters = await persistence.deadLetters.list(tenantId, {}, firstPage);
      expect(deadLetters.items).toEqual([deadLetter]);
      expect(await persistence.installations.find(tenantId, installation.id)).toEqual(installation);
    });

    it('transaction: a conflict rolls back what came before it', async ({ persistence }) => {
      const world = await World.create(persistence);
      const username = uniqueName('user');
      await world.addUser({ username });
      const lost = uniqueName('user');
      const work = async (repositories: Repositories): Promise<void> => {
        await repositories.users.insert({ ...world.user, id: uniqueId(), username: lost });
        await repositories.users.insert({ ...world.user, id: uniqueId(), username });
      };
      await expect(persistence.transaction(work)).rejects.toMatchObject({
        code: 'UNIQUE_CONFLICT',
        details: { key: 'username' },
      });
      expect(await persistence.users.findByUsername(world.tenantId, lost)).toBeNull();
    });
  });
}

/** Tests of `Persistence.transaction`: several at once. */
export function isolationContract({ describe, it, expect }: PersistenceSuite): void {
  describe('isolation', () => {
    it('transaction: nobody sees what is rolled back', async ({ persistence }) => {
      const world = await World.create(persistence);
      const username = uniqueName('user');
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      let wrote = (): void => undefined;
      const written = new Promise<void>((resolve) => (wrote = resolve));
      const transaction = persistence.transaction(async (repositories) => {
        await repositories.users.insert({ ...world.user, id: uniqueId(), username });
        wrote();
        await gate;
        throw new Error('rolled back');
      });
      const ended = expect(transaction).rejects.toThrow('rolled back');
      await written;
      const seen = persistence.users.findByUsername(world.tenantId, username);
      setTimeout(open, 50);
      // Without transactions, what is written shows until it is taken back.
      if (persistence.capabilities.transactions) expect(await seen).toBeNull();
      else await seen;
      await ended;
      expect(await persistence.users.findByUsername(world.tenantId, username)).toBeNull();
    });

    it('transaction: twenty that count up by compare-and-set lose nothing', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const { id } = await world.addRun(await world.addInstallation());
      const increment = (): Promise<void> =>
        persistence.transaction(async ({ runs }) => {
          const run = (await runs.find(world.tenantId, id))!;
          await runs.update({ ...run, deadJobs: run.deadJobs + 1 });
        });
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, increment));
      const kept = outcomes.filter(({ status }) => status === 'fulfilled').length;
      const lost = outcomes.filter(({ status }) => status === 'rejected');
      for (const each of lost) expect(each).toMatchObject({ reason: { code: 'VERSION_CONFLICT' } });
      expect(kept).toBeGreaterThan(0);
      expect((await persistence.runs.find(world.tenantId, id))?.deadJobs).toBe(kept);
    });

    it('transaction: two that lock each other out both end', async ({ persistence }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const ids = [(await world.addRun(installation)).id, (await world.addRun(installation)).id];
      const change = { progress: { processed: 1 }, at };
      let entered = 0;
      const cross = (order: typeof ids): Promise<void> =>
        persistence.transaction(async ({ runs }) => {
          await runs.advance(world.tenantId, order[0]!, change);
          entered += 1;
          // Long enough for the other one to lock its first row, where transactions run side by side.
          for (let waited = 0; waited < 200 && entered < 2; waited += 10) {
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          await runs.advance(world.tenantId, order[1]!, change);
        });
      await within(Promise.all([cross(ids), cross([...ids].reverse())]), 20_000);
      for (const id of ids) {
        expect((await persistence.runs.find(world.tenantId, id))?.progress.processed).toBe(2);
      }
    });

    it('transaction: repositories from outside do not wait forever inside', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const inside = persistence.transaction(async (repositories) => {
        await repositories.users.find(world.tenantId, world.user.id);
        return Promise.allSettled([
          within(persistence.tenants.find(world.tenantId), 5_000),
          within(
            persistence.transaction(({ tenants }) => tenants.find(world.tenantId)),
            5_000,
          ),
        ]);
      });
      for (const outcome of await inside) {
        if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(world.tenant);
        else expect(outcome.reason).toMatchObject({ code: 'TRANSACTION_BYPASSED' });
      }
      expect(await persistence.tenants.find(world.tenantId)).toEqual(world.tenant);
    });

    it('transaction: its repositories refuse work after its end', async ({ persistence }) => {
      const world = await World.create(persistence);
      const late = await persistence.transaction(async (repositories) => ({ repositories }));
      const { users } = late.repositories;
      await expect(users.insert({ ...world.user, id: uniqueId() })).rejects.toThrow();
    });

    it('transaction: fifty at once all end', async ({ persistence }) => {
      const world = await World.create(persistence);
      const work = (index: number): Promise<void> =>
        persistence.transaction(async (repositories) => {
          const user = { ...world.user, id: uniqueId<typeof world.user.id>() };
          await repositories.users.insert({ ...user, email: `${index}@example.com` });
          await repositories.users.update({ ...user, status: 'disabled' });
        });
      await within(Promise.all(Array.from({ length: 50 }, (_, index) => work(index))), 20_000);
      const page = await persistence.users.list(world.tenantId, {}, firstPage);
      expect(page.items.filter(({ status }) => status === 'disabled')).toHaveLength(50);
    });
  });
}
