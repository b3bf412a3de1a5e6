import { childrenFirst, secret } from '@tenon/core';
import type { EntityName, Repositories, SyncId } from '@tenon/core';
import { anAuthorizationSession } from '../fixtures/entities.js';
import { aJobMessage, anOutgoingJob } from '../fixtures/jobs.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, firstPage, revealed } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Three rows of whatever a tenant may own, beside what the world makes. */
async function fill(world: World): Promise<void> {
  const { repositories, tenantId, owner } = world;
  const connections = await atOnce(3, () => world.addConnection());
  for (const { id: connectionId } of connections) {
    await world.addToken();
    await world.addCredential({ connectionId });
    await repositories.authorizationSessions.insert(
      anAuthorizationSession({ ...owner, connectionId, codeVerifier: secret('verifier') }),
    );
    const installation = await world.addInstallation({ connections: { crm: connectionId } });
    const scope = scopeOf(installation);
    const row = { sourceId: 'a', targetId: 'b', hash: null, state: null };
    await repositories.mappings.upsertMany({ ...scope, kind: 'contact' }, [row], at);
    await world.addRun(installation);
    await world.addDeadLetter(installation);
    await world.addDelivery(await world.addEndpoint(installation, { connectionId }));
    const claim = { key: uniqueId(), owner: uniqueId(), leaseMs: 1_000, now: at };
    await repositories.inbox.claim({ ...scope, ...claim });
    const message = aJobMessage({ ...scope, tenantId });
    await repositories.outbox.add([anOutgoingJob({ message })], at, at);
  }
}

async function snapshot(db: Repositories, { tenantId }: World): Promise<unknown> {
  const installations = await db.installations.list(tenantId, {}, firstPage);
  return revealed([
    await db.tenants.find(tenantId),
    await db.users.list(tenantId, {}, firstPage),
    await db.tokens.list(tenantId, undefined, firstPage),
    await db.connections.list(tenantId, {}, firstPage),
    installations,
    await db.runs.list(tenantId, {}, firstPage),
    await db.deadLetters.list(tenantId, {}, firstPage),
    await db.webhookDeliveries.list(tenantId, {}, firstPage),
    await Promise.all(
      installations.items.map(async (installation) => [
        await db.webhookEndpoints.list(tenantId, installation.id),
        await db.mappings.list({ ...scopeOf(installation), kind: 'contact' }, null, 10),
      ]),
    ),
  ]);
}

type Batches = Partial<Record<EntityName, readonly number[]>>;

/** Deletes round by round: deleting rows of one entity may leave rows of another (counts that the database keeps). */
async function deleteAll(db: Repositories, { tenantId }: World, limit: number): Promise<Batches> {
  const batches: Record<string, number[]> = {};
  for (let left = -1; left !== 0;) {
    left = 0;
    for (const entity of childrenFirst) {
      for (let count = -1; count !== 0;) {
        count = await db.tenantData.deleteBatch(tenantId, entity, limit);
        if (count > 0) (batches[entity] ??= []).push(count);
        left += count;
      }
    }
  }
  return batches;
}

/** Tests of `TenantDataRepository`. */
export function tenantDataContract({ describe, it, expect }: PersistenceSuite): void {
  describe('tenantData', () => {
    it('tenantData: deleteBatch deletes what is a tenant’s, in batches, and nothing of a neighbour', async ({
      persistence,
      secondPath,
    }) => {
      const [gone, kept] = [await World.create(persistence), await World.create(persistence)];
      await fill(gone);
      await fill(kept);
      const before = await snapshot(persistence, kept);
      const batches = await deleteAll(persistence, gone, 2);
      const three = ['tokens', 'connections', 'credentials', 'authorizationSessions'] as const;
      const more = ['installations', 'mappings', 'runs', 'inbox', 'outbox', 'deadLetters'] as const;
      for (const entity of [...three, ...more, 'webhookEndpoints', 'webhookDeliveries'] as const) {
        expect([entity, batches[entity]]).toEqual([entity, [2, 1]]);
      }
      expect([batches.tenants, batches.users, batches.leases]).toEqual([[1], [1], undefined]);
      expect(await snapshot(persistence, kept)).toEqual(before);
      expect(await persistence.tenants.find(gone.tenantId)).toBeNull();
      const dump = await secondPath?.dump();
      expect(dump?.includes(gone.tenantId) ?? false).toBe(false);
      expect(dump?.includes(kept.tenantId) ?? true).toBe(true);
    });

    it('tenantData: deleteBatch finds what was written for an installation that was gone', async ({
      persistence,
      secondPath,
    }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const { tenantId, repositories } = world;
      while (!(await repositories.installations.deleteBatch(tenantId, installation.id, 100)));
      const scope = scopeOf(installation);
      const row = { sourceId: 'a', targetId: 'b', hash: null, state: null };
      await repositories.mappings.upsertMany({ ...scope, kind: 'contact' }, [row], at);
      const record = { externalId: 'a', hash: 'h', revision: null, pairId: null };
      const sync = { syncId: installation.id as unknown as SyncId, side: 'source' } as const;
      await repositories.records.upsertMany({ ...scope, ...sync }, [record], { generation: 1, at });
      await world.addAssociation(installation, 3);
      await world.addRun(installation);
      await deleteAll(persistence, world, 2);
      const dump = await secondPath?.dump();
      expect(dump?.includes(tenantId) ?? false).toBe(false);
      expect(await repositories.mappings.list({ ...scope, kind: 'contact' }, null, 10)).toEqual([]);
    });

    it('tenantData: deleteBatch of an unknown or malformed tenant deletes nothing', async ({
      persistence,
    }) => {
      for (const tenantId of [uniqueId(), 'malformed', ''] as never[]) {
        for (const entity of childrenFirst) {
          expect(await persistence.tenantData.deleteBatch(tenantId, entity, 10)).toBe(0);
        }
      }
    });
  });
}
