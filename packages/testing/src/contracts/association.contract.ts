import { seatOf } from '@tenon/core';
import type { Association, Repositories } from '@tenon/core';
import { anAssociation, anAssociationObject } from '../fixtures/syncs.js';
import { uniqueId, uniqueName } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

async function kept(db: Repositories, type: Association['type'] = 'one_to_many') {
  const scope = scopeOf(await (await World.create(db)).addInstallation());
  const association = anAssociation({ ...scope, type });
  await db.associations.insert(association);
  return association;
}

const related = anAssociationObject;
const primary = () => anAssociationObject({ role: 'primary', objectType: 'company' });

/** Tests of `AssociationRepository`. */
export function associationContract({ describe, it, expect }: PersistenceSuite): void {
  describe('associations', () => {
    it('associations: insert keeps every field; names are unique in the installation', async ({
      persistence: db,
    }) => {
      const association = await kept(db, 'many_to_one');
      const { tenantId, installationId, id, name } = association;
      expect(await db.associations.find(tenantId, id)).toEqual(association);
      expect(await db.associations.findByName(tenantId, installationId, name)).toEqual(association);
      expect(await db.associations.findByName(tenantId, uniqueId(), name)).toBeNull();
      const scope = { tenantId, installationId };
      await expect(db.associations.insert(anAssociation({ ...scope, name }))).rejects.toMatchObject(
        { code: 'UNIQUE_CONFLICT', details: { key: 'name' } },
      );
      const elsewhere = anAssociation({ tenantId, name });
      await db.associations.insert(elsewhere);
      const page = await db.associations.list(tenantId, { installationId }, firstPage);
      expect(page.items).toEqual([association]);
      expect((await db.associations.list(tenantId, {}, firstPage)).items).toHaveLength(2);
    });

    it('associations: delete takes the objects along', async ({ persistence: db }) => {
      const [gone, other] = [await kept(db), await kept(db)];
      for (const each of [gone, other]) {
        await db.associationObjects.upsertMany(each, [primary(), related()], at);
      }
      const objects = async ({ tenantId, id: associationId }: Association) =>
        (await db.associationObjects.list(tenantId, { associationId }, firstPage)).items.length;
      expect(await db.associations.delete(gone.tenantId, gone.id)).toBe(true);
      expect(await db.associations.delete(gone.tenantId, gone.id)).toBe(false);
      expect(await db.associations.find(gone.tenantId, gone.id)).toBeNull();
      expect([await objects(gone), await objects(other)]).toEqual([0, 2]);
    });
  });
}

/** Tests of `AssociationObjectRepository`. */
export function associationObjectContract({ describe, it, expect }: PersistenceSuite): void {
  describe('association objects', () => {
    it('association objects: upsertMany keeps every field and replaces role and metadata', async ({
      persistence: db,
    }) => {
      const association = await kept(db);
      const { associationObjects } = db;
      const { tenantId, installationId, id: associationId, type } = association;
      const row = related({ metadata: { label: 'é', deep: [null, { x: 1 }] } });
      expect(await associationObjects.upsertMany(association, [row], at)).toBe(1);
      const list = async () =>
        (await associationObjects.list(tenantId, { associationId }, firstPage)).items;
      const stored = {
        ...row,
        ...{ tenantId, installationId, associationId, seat: null, createdAt: at, updatedAt: at },
      };
      expect(await list()).toEqual([stored]);
      const next = { ...row, id: uniqueId<never>(), role: 'primary', metadata: {} } as const;
      expect(await associationObjects.upsertMany(association, [row, next], later(at, 5))).toBe(1);
      expect(await list()).toEqual([
        { ...stored, ...next, id: row.id, seat: seatOf(type, 'primary'), updatedAt: later(at, 5) },
      ]);
    });

    it('association objects: 1,000 in one call', async ({ persistence: db }) => {
      const association = await kept(db);
      const connectionId = uniqueId<never>();
      const rows = Array.from({ length: 1_000 }, (_, index) =>
        related({ connectionId, externalId: `id-${index}` }),
      );
      expect(await db.associationObjects.upsertMany(association, rows, at)).toBe(1_000);
      expect(await db.associationObjects.upsertMany(association, rows, at)).toBe(1_000);
      expect(await db.associationObjects.deleteMany(association, [...rows, rows[0]!])).toBe(1_000);
      expect(await db.associationObjects.deleteMany(association, rows)).toBe(0);
    });

    it('association objects: are found by object, across associations', async ({
      persistence: db,
    }) => {
      const association = await kept(db);
      const second = anAssociation({ ...association, id: uniqueId(), name: uniqueName() });
      await db.associations.insert(second);
      const object = related();
      for (const each of [association, second]) {
        await db.associationObjects.upsertMany(
          each,
          [{ ...object, id: uniqueId() }, related()],
          at,
        );
      }
      const { connectionId, objectType, externalId } = object;
      const filter = { connectionId, objectType, externalId };
      const { tenantId } = association;
      const { items } = await db.associationObjects.list(tenantId, filter, firstPage);
      expect(items.map((each) => each.associationId).sort()).toEqual(
        [association.id, second.id].sort(),
      );
      const none = await db.associationObjects.list(
        tenantId,
        { ...filter, role: 'primary' },
        firstPage,
      );
      expect(none.items).toEqual([]);
      const byRole = { associationId: second.id, role: 'related', objectType } as const;
      const found = await db.associationObjects.list(tenantId, byRole, firstPage);
      expect(found.items).toHaveLength(2);
    });

    it('association objects: nobody writes into what is not there or not theirs', async ({
      persistence: db,
    }) => {
      const association = await kept(db);
      for (const other of [
        { ...association, tenantId: uniqueId<never>() },
        { ...association, id: uniqueId<never>() },
        { ...association, installationId: uniqueId<never>() },
        { ...association, tenantId: 'malformed' as never },
      ]) {
        expect(await db.associationObjects.upsertMany(other, [related()], at)).toBe(0);
      }
      expect(await db.associationObjects.upsertMany(association, [], at)).toBe(0);
      expect(await db.associationObjects.deleteMany(association, [])).toBe(0);
      const object = related();
      await db.associationObjects.upsertMany(association, [object], at);
      const foreign = { ...association, tenantId: uniqueId<never>() };
      expect(await db.associationObjects.deleteMany(foreign, [object])).toBe(0);
    });

    for (const type of ['one_to_one', 'one_to_many', 'many_to_one'] as const) {
      it(`association objects: ${type} holds when twenty write at once`, async ({
        persistence: db,
      }) => {
        const association = await kept(db, type);
        const { tenantId, id: associationId } = association;
        for (const role of ['primary', 'related'] as const) {
          const codes = await atOnce(20, () =>
            codeOf(db.associationObjects.upsertMany(association, [related({ role })], at)),
          );
          const good = seatOf(type, role) === null ? 20 : 1;
          expect(codes.filter((code) => code === null)).toHaveLength(good);
          expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(20 - good);
          const filter = { associationId, role };
          const { items } = await db.associationObjects.list(tenantId, filter, firstPage);
          expect(items).toHaveLength(good);
        }
      });
    }

    it('association objects: a taken seat refuses all rows, and is free after deletion', async ({
      persistence: db,
    }) => {
      const association = await kept(db);
      const holder = primary();
      await db.associationObjects.upsertMany(association, [holder], at);
      const rows = [related(), primary(), related()];
      await expect(db.associationObjects.upsertMany(association, rows, at)).rejects.toMatchObject({
        code: 'UNIQUE_CONFLICT',
        details: { key: 'seat' },
      });
      const { tenantId, id: associationId } = association;
      const filter = { associationId };
      expect((await db.associationObjects.list(tenantId, filter, firstPage)).items).toHaveLength(1);
      expect(await db.associationObjects.deleteMany(association, [holder])).toBe(1);
      expect(await db.associationObjects.upsertMany(association, rows, at)).toBe(3);
    });
  });
}
