import type { Sync } from '@tenon/core';
import { aSync } from '../fixtures/syncs.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

const everything: Partial<Sync> = {
  direction: 'both',
  state: 'failed',
  checkpoint: { page: 7, seen: [null, 'é'] },
  watermark: '2026-05-06T00:00:00Z',
  generation: 3,
  counts: { created: 1, updated: 2, unchanged: 3, deleted: 4, failed: 5 },
  error: { code: 'X', message: 'x' },
  startedAt: at,
  finishedAt: later(at, 5),
};

/** Tests of `SyncRepository`. */
export function syncContract({ describe, it, expect }: PersistenceSuite): void {
  describe('syncs', () => {
    it('syncs: ensure keeps every field and then answers what is there', async ({
      persistence: db,
    }) => {
      const scope = scopeOf(await (await World.create(db)).addInstallation());
      for (const fields of [{}, { ...everything, lastRunId: uniqueId() } as Partial<Sync>]) {
        const sync = aSync({ ...scope, ...fields });
        expect(await db.syncs.ensure(sync)).toEqual(sync);
        expect(await db.syncs.find(scope.tenantId, sync.id)).toEqual(sync);
        const { tenantId, installationId } = scope;
        expect(await db.syncs.findByName(tenantId, installationId, sync.name)).toEqual(sync);
        expect(await db.syncs.ensure(aSync({ ...scope, name: sync.name }))).toEqual(sync);
        expect(await db.syncs.findByName(tenantId, uniqueId(), sync.name)).toBeNull();
      }
    });

    it('syncs: twenty at once get the same one', async ({ persistence: db }) => {
      const scope = scopeOf(await (await World.create(db)).addInstallation());
      const got = await atOnce(20, () => db.syncs.ensure(aSync({ ...scope, name: 'contacts' })));
      expect(new Set(got.map(({ id }) => id)).size).toBe(1);
      const { items } = await db.syncs.list(scope.tenantId, scope, firstPage);
      expect(items.map(({ id }) => id)).toEqual([got[0]!.id]);
    });

    it('syncs: update compares versions and keeps the name', async ({ persistence: db }) => {
      const scope = scopeOf(await (await World.create(db)).addInstallation());
      const sync = await db.syncs.ensure(aSync(scope));
      const next = { ...sync, ...everything, updatedAt: later(at, 9) };
      const changed = await db.syncs.update({ ...next, name: 'another', createdAt: at });
      expect(changed).toEqual({ ...next, version: sync.version + 1 });
      expect(await db.syncs.find(scope.tenantId, sync.id)).toEqual(changed);
      const codes = await atOnce(20, () => codeOf(db.syncs.update(changed)));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'VERSION_CONFLICT')).toHaveLength(19);
      expect(await codeOf(db.syncs.update(aSync(scope)))).toBe('VERSION_CONFLICT');
    });

    it('syncs: list filters by installation and state', async ({ persistence: db }) => {
      const world = await World.create(db);
      const scope = scopeOf(await world.addInstallation());
      const other = scopeOf(await world.addInstallation());
      const idle = await db.syncs.ensure(aSync(scope));
      const failed = await db.syncs.ensure(aSync({ ...scope, state: 'failed' }));
      const foreign = await db.syncs.ensure(aSync(other));
      const list = async (filter: Parameters<typeof db.syncs.list>[1]) =>
        (await db.syncs.list(world.tenantId, filter, firstPage)).items.map(({ id }) => id).sort();
      expect(await list({})).toEqual([idle.id, failed.id, foreign.id].sort());
      expect(await list({ installationId: scope.installationId })).toEqual(
        [idle.id, failed.id].sort(),
      );
      expect(await list({ installationId: scope.installationId, state: 'failed' })).toEqual([
        failed.id,
      ]);
    });
  });
}
