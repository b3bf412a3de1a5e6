import { describedEntity, entities, installationNamespace } from '@tenon/core';
import type { ArchiveRow, EntityName, InstallationId, Persistence, TenantId } from '@tenon/core';
import { childrenFirst, ownedByConnection, ownedByInstallation, ownedByUser } from '@tenon/core';
import { aJobMessage, anOutgoingJob } from '../fixtures/jobs.js';
import { tenantRows } from '../fixtures/tenant-rows.js';
import { uniqueId } from '../fixtures/unique.js';
import { revealed } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';

const COUNT = 3;
const now = new Date('2026-05-06T07:08:09.123Z');

/** Not read as rows: the one is kept in another form, the other written with the rows that it counts. */
const BESIDE: readonly EntityName[] = ['outbox', 'rowCounts'];

/** Every entity that belongs to a tenant, so that a new one takes part by being described. */
const ofTenants = (Object.keys(entities) as EntityName[]).filter(
  (name) => describedEntity(name).tenant !== null && !BESIDE.includes(name),
);

type Rows = Readonly<Record<string, readonly ArchiveRow[]>>;

/** A tenant with rows of every entity; the n-th row of each belongs to the n-th of its owners. */
async function filled(persistence: Persistence): Promise<TenantId> {
  const { default: fc } = await import('fast-check');
  const tenantId = uniqueId<TenantId>();
  const seed = Math.floor(Math.random() * 1e9);
  const rows = tenantRows(fc, { count: COUNT, seed, tenantId, entities: ofTenants });
  for (const [entity, each] of rows) await persistence.archive.write(tenantId, entity, each);
  for (const installation of rows.get('installations') ?? []) {
    const installationId = installation['id'] as InstallationId;
    const scope = { tenantId, namespace: installationNamespace(installationId) };
    await persistence.states.put(scope, { key: 'cursor', value: 1, expiresAt: null, now });
    const message = aJobMessage({ tenantId, installationId });
    await persistence.outbox.add([anOutgoingJob({ message })], now, now);
  }
  return tenantId;
}

async function read(persistence: Persistence, tenantId: TenantId): Promise<Rows> {
  const reader = await persistence.archive.openReader();
  const rows: Record<string, ArchiveRow[]> = {};
  try {
    for (const entity of ofTenants) {
      const all: ArchiveRow[] = [];
      const options = { after: null, pageSize: 100 };
      for await (const page of reader.read(tenantId, entity, options)) all.push(...page);
      rows[entity] = revealed(all) as ArchiveRow[];
    }
  } finally {
    await reader.close();
  }
  return rows;
}

/** The rows that stay, by what `goes` says of each. */
function staying(rows: Rows, goes: (entity: EntityName, row: ArchiveRow) => boolean): Rows {
  const left = Object.entries(rows).map(([entity, each]) => [
    entity,
    each.filter((row) => !goes(entity as EntityName, row)),
  ]);
  return Object.fromEntries(left) as Rows;
}

function firstId(rows: Rows, entity: EntityName): never {
  return rows[entity]?.[0]?.['id'] as never;
}

/** Rows that are deleted with the one row, besides that itself. */
function countGone(before: Rows, after: Rows): number {
  const count = (rows: Rows) => Object.values(rows).reduce((sum, { length }) => sum + length, 0);
  return count(before) - count(after) - 1;
}

/** Deletes every row of the tenant; answers how many there were, of those that are read and of the others. */
async function deleteAll(persistence: Persistence, tenantId: TenantId) {
  const counts: Record<string, number> = {};
  const tenant = await persistence.tenants.find(tenantId);
  // Without the mark, its audit trail stays.
  if (tenant) await persistence.tenants.update({ ...tenant, status: 'deleting' });
  // Counts once more: where the database keeps them, deleting what is counted writes some.
  for (const entity of [...childrenFirst, 'rowCounts'] as const) {
    for (let count = -1; count !== 0;) {
      count = await persistence.tenantData.deleteBatch(tenantId, entity, 100);
      counts[entity] = (counts[entity] ?? 0) + count;
    }
  }
  return counts;
}

/** Tests that deletions reach what the catalogue says is owned, and nothing else. */
export function deletionContract({ describe, it, expect }: PersistenceSuite): void {
  describe('deletion', () => {
    it('deletion: of a tenant takes its rows of every entity and none of a neighbour', async ({
      persistence,
      secondPath,
    }) => {
      const gone = await filled(persistence);
      const kept = await filled(persistence);
      const before = await read(persistence, kept);
      for (const entity of ofTenants)
        expect([entity, before[entity]?.length]).not.toEqual([entity, 0]);
      const counts = await deleteAll(persistence, gone);
      for (const entity of [...ofTenants, 'outbox'])
        expect([entity, counts[entity]]).not.toEqual([entity, 0]);
      expect(Object.values(await deleteAll(persistence, gone)).filter(Boolean)).toEqual([]);
      expect((await secondPath?.dump())?.includes(gone) ?? false).toBe(false);
      expect(await read(persistence, kept)).toEqual(before);
      // What is not read is counted: the neighbour has as much to lose. How many slots a count has, writers decide.
      const others = await deleteAll(persistence, kept);
      const slots = { rowCounts: expect.anything() };
      expect({ ...others, ...slots }).toEqual({ ...counts, ...slots });
    });

    it('deletion: of an installation takes what it owns alone', async ({ persistence }) => {
      const tenantId = await filled(persistence);
      const before = await read(persistence, tenantId);
      const id: InstallationId = firstId(before, 'installations');
      while (!(await persistence.installations.deleteBatch(tenantId, id, 1)));
      const namespace = installationNamespace(id);
      const left = staying(before, (entity, row) => {
        if (entity === 'installations') return row['id'] === id;
        if (entity === 'states') return row['namespace'] === namespace;
        return ownedByInstallation.includes(entity) && row['installationId'] === id;
      });
      expect(countGone(before, left)).toBeGreaterThanOrEqual(ownedByInstallation.length - 1);
      expect(await read(persistence, tenantId)).toEqual(left);
    });

    it('deletion: of a connection takes what it owns alone', async ({ persistence }) => {
      const tenantId = await filled(persistence);
      const before = await read(persistence, tenantId);
      const id = firstId(before, 'connections');
      expect(await persistence.connections.delete(tenantId, id)).toBe(true);
      const left = staying(before, (entity, row) => {
        if (entity === 'connections') return row['id'] === id;
        return ownedByConnection.includes(entity) && row['connectionId'] === id;
      });
      expect(countGone(before, left)).toBe(ownedByConnection.length);
      expect(await read(persistence, tenantId)).toEqual(left);
    });

    it('deletion: of a user takes what it owns alone', async ({ persistence }) => {
      const tenantId = await filled(persistence);
      const before = await read(persistence, tenantId);
      const id = firstId(before, 'users');
      expect(await persistence.users.delete(tenantId, id)).toBe(true);
      const left = staying(before, (entity, row) => {
        if (entity === 'users') return row['id'] === id;
        if (entity === 'memberships' && row['organizationId'] === id) return true;
        return ownedByUser.includes(entity) && row['userId'] === id;
      });
      expect(countGone(before, left)).toBeGreaterThanOrEqual(ownedByUser.length);
      expect(await read(persistence, tenantId)).toEqual(left);
    });
  });
}
