import type { Installation, RecordScope, Repositories, SyncId } from '@tenon/core';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const now = new Date('2026-05-06T07:08:09.123Z');

/** Records need no sync to be there: the id of the installation serves as one. */
function recordsOf(installation: Installation): RecordScope {
  return { ...scopeOf(installation), syncId: installation.id as unknown as SyncId, side: 'source' };
}

/** Counts everything that an installation owns. */
async function countOwned(
  db: Repositories,
  installation: Installation,
): Promise<Record<string, number>> {
  const { mappings, runs, deadLetters, webhookEndpoints, webhookDeliveries } = db;
  const { tenantId, installationId } = scopeOf(installation);
  const filter = { installationId };
  return {
    contacts: await mappings.count({ tenantId, installationId, kind: 'contact' }),
    deals: await mappings.count({ tenantId, installationId, kind: 'deal' }),
    runs: (await runs.list(tenantId, filter, firstPage)).items.length,
    deadLetters: (await deadLetters.list(tenantId, filter, firstPage)).items.length,
    syncs: (await db.syncs.list(tenantId, filter, firstPage)).items.length,
    records: await db.records.count(recordsOf(installation)),
    associations: (await db.associations.list(tenantId, filter, firstPage)).items.length,
    objects: (await db.associationObjects.list(tenantId, filter, firstPage)).items.length,
    schedules: (await db.schedules.list(tenantId, filter, firstPage)).items.length,
    endpoints: (await webhookEndpoints.list(tenantId, installationId)).length,
    deliveries: (await webhookDeliveries.list(tenantId, filter, firstPage)).items.length,
  };
}

const full = {
  contacts: 7,
  deals: 2,
  runs: 7,
  deadLetters: 7,
  syncs: 3,
  records: 7,
  associations: 3,
  objects: 7,
  schedules: 4,
  endpoints: 2,
  deliveries: 7,
};
const none = Object.fromEntries(Object.keys(full).map((name) => [name, 0]));

async function fill(world: World): Promise<Installation> {
  const installation = await world.addInstallation();
  const scope = scopeOf(installation);
  const { mappings } = world.repositories;
  for (const [kind, count] of [
    ['contact', full.contacts],
    ['deal', full.deals],
  ] as const) {
    const rows = Array.from({ length: count }, (_, index) => ({
      sourceId: String(index),
      targetId: null,
      hash: null,
      state: null,
    }));
    await mappings.upsertMany({ ...scope, kind }, rows, now);
  }
  const endpoint = await world.addEndpoint(installation);
  await world.addEndpoint(installation, { slot: 'desk' });
  await atOnce(full.runs, () => world.addRun(installation));
  await atOnce(full.schedules, () => world.addSchedule(installation));
  await atOnce(full.syncs, () => world.addSync(installation));
  for (const objects of [0, 2, 5]) await world.addAssociation(installation, objects);
  const seen = Array.from({ length: full.records }, (_, index) => ({
    ...{ externalId: String(index), hash: 'h', revision: null, pairId: null },
  }));
  await world.repositories.records.upsertMany(recordsOf(installation), seen, {
    generation: 1,
    at: now,
  });
  await atOnce(full.deadLetters, () => world.addDeadLetter(installation));
  await atOnce(full.deliveries, () => world.addDelivery(endpoint));
  await atOnce(7, (index) => claim(world, installation, index));
  return installation;
}

function claim(world: World, installation: Installation, index: number) {
  const key = `${installation.id}/${index}`;
  return world.repositories.inbox.claim({
    ...scopeOf(installation),
    key,
    owner: uniqueId(),
    leaseMs: 60_000,
    now: later(now, index),
  });
}

/** Tests of `InstallationRepository.deleteBatch`. */
export function installationDeletionContract({ describe, it, expect }: PersistenceSuite): void {
  describe('installations, deletion', () => {
    it('installations: deleteBatch deletes what the installation owns, in steps', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const [gone, kept] = [await fill(world), await fill(world)];
      const { installations } = persistence;
      expect(await countOwned(persistence, gone)).toEqual(full);
      let steps = 1;
      while (!(await installations.deleteBatch(world.tenantId, gone.id, 2))) {
        steps += 1;
        expect(steps).toBeLessThan(50);
      }
      expect(steps).toBeGreaterThanOrEqual(4);
      expect(await installations.find(world.tenantId, gone.id)).toBeNull();
      expect(await countOwned(persistence, gone)).toEqual(none);
      expect(await countOwned(persistence, kept)).toEqual(full);
      expect(await installations.find(world.tenantId, kept.id)).toEqual(kept);
      const claims = await atOnce(7, (index) => claim(world, gone, index));
      expect(claims).toEqual(claims.map(() => ({ outcome: 'claimed', attempt: 1 })));
      expect((await claim(world, kept, 0)).outcome).toBe('in_progress');
      expect(await installations.deleteBatch(world.tenantId, gone.id, 100)).toBe(true);
    });

    it('installations: one step of deleteBatch stays within its limit', async ({ persistence }) => {
      const world = await World.create(persistence);
      const installation = await fill(world);
      const { installations } = persistence;
      expect(await installations.deleteBatch(world.tenantId, installation.id, 3)).toBe(false);
      const left = await countOwned(persistence, installation);
      expect(left['runs']).toBe(full.runs - 3);
      expect(left['records']).toBe(full.records - 3);
      expect(left['objects']).toBeGreaterThanOrEqual(full.objects - 3);
      expect(left['deadLetters']).toBe(full.deadLetters - 3);
      expect(left['deliveries']).toBeGreaterThanOrEqual(full.deliveries - 3);
      expect(left['contacts']! + left['deals']!).toBe(full.contacts + full.deals - 3);
      expect(await installations.find(world.tenantId, installation.id)).not.toBeNull();
    });

    it('installations: deleteBatch of none is done', async ({ persistence }) => {
      const [world, other] = [await World.create(persistence), await World.create(persistence)];
      const installation = await fill(world);
      const { installations } = persistence;
      expect(await installations.deleteBatch(world.tenantId, uniqueId(), 10)).toBe(true);
      expect(await installations.deleteBatch(other.tenantId, installation.id, 100)).toBe(true);
      expect(await countOwned(persistence, installation)).toEqual(full);
      expect(await installations.find(world.tenantId, installation.id)).toEqual(installation);
    });
  });
}
