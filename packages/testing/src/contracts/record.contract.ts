import type { RecordChanges, RecordScope, Repositories, SeenRecord } from '@tenon/core';
import { uniqueId } from '../fixtures/unique.js';
import { aSync } from '../fixtures/syncs.js';
import { atOnce, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');
const first = { generation: 1, at };
const second = { generation: 2, at: later(at, 1_000) };

async function aScope(db: Repositories): Promise<RecordScope> {
  const scope = scopeOf(await (await World.create(db)).addInstallation());
  const sync = await db.syncs.ensure(aSync(scope));
  return { ...scope, syncId: sync.id, side: 'source' };
}

function seen(externalId: string, overrides: Partial<SeenRecord> = {}): SeenRecord {
  return { externalId, hash: 'h', revision: null, pairId: null, ...overrides };
}

function sorted({ created, changed, unchanged }: RecordChanges): RecordChanges {
  const [a, b, c] = [created, changed, unchanged].map((ids) => [...ids].sort());
  return { created: a!, changed: b!, unchanged: c! };
}

const numbered = (count: number, prefix = 'r'): SeenRecord[] =>
  Array.from({ length: count }, (_, index) => seen(`${prefix}${index}`));

/** Tests of `RecordRepository.upsertMany` and of what reads its rows. */
export function recordContract({ describe, it, expect }: PersistenceSuite): void {
  describe('records', () => {
    it('records: upsertMany keeps every field and tells what is new, changed and unchanged', async ({
      persistence: db,
    }) => {
      const scope = await aScope(db);
      const { records } = db;
      const rows = [seen('a', { revision: 'v1', pairId: 'p' }), seen('b'), seen('c')];
      expect(sorted(await records.upsertMany(scope, rows, first))).toEqual({
        ...{ created: ['a', 'b', 'c'], changed: [], unchanged: [] },
      });
      const stored = { ...scope, change: 'new', generation: 1, deletedAt: null, updatedAt: at };
      expect(await records.list(scope, null, 10)).toEqual(
        rows.map((row) => ({ ...stored, ...row })),
      );
      const again = [seen('a', { revision: 'v2' }), seen('b', { hash: 'h2' }), seen('d')];
      expect(sorted(await records.upsertMany(scope, again, second))).toEqual({
        ...{ created: ['d'], changed: ['b'], unchanged: ['a'] },
      });
      const [a, b] = await records.list(scope, null, 2);
      expect(a).toMatchObject({ revision: 'v2', pairId: 'p', generation: 2, change: 'unchanged' });
      expect(b).toMatchObject({ hash: 'h2', change: 'changed', updatedAt: second.at });
      await records.upsertMany(scope, [seen('a', { pairId: 'q' })], first);
      expect(await records.findMany(scope, ['a'])).toMatchObject([{ pairId: 'q', generation: 2 }]);
    });

    it('records: 5,000 rows with duplicates in one call, the last wins', async ({
      persistence: db,
    }) => {
      const scope = await aScope(db);
      const { records } = db;
      const rows = Array.from({ length: 5_000 }, (_, index) =>
        seen(`id-${index % 4_000}`, { hash: `h${index}` }),
      );
      expect((await records.upsertMany(scope, rows, first)).created).toHaveLength(4_000);
      expect(await records.count(scope)).toBe(4_000);
      const found = await records.findMany(scope, ['id-0', 'id-1000', 'none', 'id-0']);
      expect(new Map(found.map((row) => [row.externalId, row.hash]))).toEqual(
        new Map([
          ['id-0', 'h4000'],
          ['id-1000', 'h1000'],
        ]),
      );
      const ids = rows.map(({ externalId }) => externalId);
      expect(await records.deleteMany(scope, ids)).toBe(4_000);
      expect(await records.count(scope)).toBe(0);
    });

    it('records: list is in the order of code points', async ({ persistence: db }) => {
      const scope = await aScope(db);
      const ordered = ['-1', '0', '10', '9', 'A', 'Z', '_', 'a', 'aa', 'ä', '\uFFFD', '😀'];
      await db.records.upsertMany(
        scope,
        [...ordered].reverse().map((id) => seen(id)),
        first,
      );
      const walked: string[] = [];
      for (let after: string | null = null; ; after = walked.at(-1)!) {
        const page = await db.records.list(scope, after, 5);
        walked.push(...page.map(({ externalId }) => externalId));
        if (page.length < 5) break;
      }
      expect(walked).toEqual(ordered);
    });

    it('records: sides, syncs, installations and tenants do not meet', async ({
      persistence: db,
    }) => {
      const scope = await aScope(db);
      const { records } = db;
      await records.upsertMany(scope, [seen('a')], first);
      const elsewhere: RecordScope[] = [
        { ...scope, side: 'target' },
        { ...scope, syncId: uniqueId() },
        { ...scope, installationId: uniqueId() },
        { ...scope, tenantId: uniqueId() },
        { ...scope, tenantId: 'malformed' as never },
      ];
      for (const other of elsewhere) {
        expect(await records.findMany(other, ['a'])).toEqual([]);
        expect(await records.list(other, null, 10)).toEqual([]);
        expect(await records.count(other)).toBe(0);
        expect(await records.markDeleted(other, ['a'], at)).toEqual([]);
        const unseen = await records.markUnseenDeleted(other, second, { after: null, limit: 10 });
        expect(unseen).toEqual({ deleted: [], next: null });
        expect(await records.deleteMany(other, ['a'])).toBe(0);
      }
      expect(await records.list(scope, null, 10)).toMatchObject([{ deletedAt: null }]);
    });

    it('records: empty lists are nothing', async ({ persistence: db }) => {
      const scope = await aScope(db);
      const { records } = db;
      const nothing = { created: [], changed: [], unchanged: [] };
      expect(await records.upsertMany(scope, [], first)).toEqual(nothing);
      expect(await records.findMany(scope, [])).toEqual([]);
      expect(await records.markDeleted(scope, [], at)).toEqual([]);
      expect(await records.deleteMany(scope, [])).toBe(0);
    });
  });
}

/** Tests of tombstones. */
export function tombstoneContract({ describe, it, expect }: PersistenceSuite): void {
  describe('records, tombstones', () => {
    it('records: a tombstone is kept, not counted, and lifted by the next upsert', async ({
      persistence: db,
    }) => {
      const scope = await aScope(db);
      const { records } = db;
      await records.upsertMany(scope, [seen('a', { pairId: 'p' }), seen('b')], first);
      const gone = await records.markDeleted(scope, ['a', 'a', 'none'], second.at);
      expect(gone).toEqual(['a']);
      expect(await records.markDeleted(scope, ['a'], later(at, 9))).toEqual([]);
      expect(await records.count(scope)).toBe(1);
      const [tombstone] = await records.findMany(scope, ['a']);
      expect(tombstone).toMatchObject({ deletedAt: second.at, updatedAt: second.at, pairId: 'p' });
      const back = await records.upsertMany(scope, [seen('a')], second);
      expect(back).toEqual({ created: ['a'], changed: [], unchanged: [] });
      expect(await records.count(scope)).toBe(2);
      await records.markDeleted(scope, ['b'], at);
      expect(await records.deleteMany(scope, ['a', 'b'])).toBe(2);
      expect(await records.count(scope)).toBe(0);
    });

    it('records: markUnseenDeleted walks in steps and takes what no pass since saw', async ({
      persistence: db,
    }) => {
      const scope = await aScope(db);
      const { records } = db;
      await records.upsertMany(scope, numbered(10), first);
      await records.upsertMany(scope, [seen('r3'), seen('r8')], second);
      await records.markDeleted(scope, ['r0'], at);
      const deleted: string[] = [];
      let steps = 0;
      for (let after: string | null = null; ; steps += 1) {
        const step: { deleted: readonly string[]; next: string | null } =
          await records.markUnseenDeleted(scope, second, { after, limit: 4 });
        expect(step.deleted.length).toBeLessThanOrEqual(4);
        deleted.push(...step.deleted);
        if (step.next === null) break;
        after = step.next;
      }
      expect(steps).toBe(2);
      expect(deleted.sort()).toEqual(['r1', 'r2', 'r4', 'r5', 'r6', 'r7', 'r9']);
      expect(await records.count(scope)).toBe(2);
      const living = (await records.list(scope, null, 20)).filter((row) => row.deletedAt === null);
      expect(living.map(({ externalId }) => externalId)).toEqual(['r3', 'r8']);
    });
  });
}

/** Tests of counts, and of many writers. */
export function rowCountContract({ describe, it, expect }: PersistenceSuite): void {
  describe('counts', () => {
    it('counts: of records are exact after twenty writers at once', async ({ persistence: db }) => {
      const scope = await aScope(db);
      const { records } = db;
      const answers = await atOnce(20, (writer) => {
        const order = numbered(50, 'shared-');
        if (writer % 2 === 1) order.reverse();
        return records.upsertMany(scope, [...order, ...numbered(5, `w${writer}-`)], first);
      });
      const created = answers.flatMap((answer) => answer.created);
      expect(created).toHaveLength(150);
      expect(new Set(created).size).toBe(150);
      expect(await records.count(scope)).toBe(150);
      const ids = numbered(50, 'shared-').map(({ externalId }) => externalId);
      const marked = await atOnce(20, () => records.markDeleted(scope, ids, at));
      expect(marked.flat()).toHaveLength(50);
      expect(await records.count(scope)).toBe(100);
      const removed = await atOnce(20, (writer) =>
        records.deleteMany(scope, [ids[writer]!, `w${writer}-0`]),
      );
      expect(removed).toEqual(removed.map(() => 2));
      expect(await records.count(scope)).toBe(80);
    });

    it('counts: of mappings are exact after twenty writers at once', async ({
      persistence: db,
    }) => {
      const { syncId: _sync, side: _side, ...scope } = await aScope(db);
      const kinds = ['contact', 'deal'].map((kind) => ({ ...scope, kind }));
      const row = (sourceId: string) => ({ sourceId, targetId: null, hash: null, state: null });
      await atOnce(20, async (writer) => {
        const rows = [...Array(30).keys()].map((index) => row(`${writer % 4}-${index}`));
        for (const kind of writer % 2 === 0 ? kinds : [...kinds].reverse()) {
          await db.mappings.upsertMany(kind, rows, at);
        }
      });
      for (const kind of kinds) expect(await db.mappings.count(kind)).toBe(120);
      const deleted = await atOnce(20, (writer) =>
        db.mappings.deleteMany(kinds[0]!, [`0-${writer}`, '1-0']),
      );
      expect(deleted.reduce((sum, count) => sum + count, 0)).toBe(21);
      expect(await db.mappings.count(kinds[0]!)).toBe(99);
      expect(await db.mappings.count(kinds[1]!)).toBe(120);
    });

    it('counts: writers and deleters of the same rows do not end each other', async ({
      persistence: db,
    }) => {
      const { syncId, side, ...scope } = await aScope(db);
      const sides = { ...scope, syncId, side };
      const kind = { ...scope, kind: 'contact' };
      const rows = numbered(300);
      const ids = rows.map(({ externalId }) => externalId);
      const mapped = ids.map((sourceId) => ({
        ...{ sourceId, targetId: null, hash: null, state: null },
      }));
      const order = <T>(index: number, all: readonly T[]): readonly T[] =>
        index % 2 === 0 ? all : [...all].reverse();
      await atOnce(20, async (index) => {
        await db.records.upsertMany(sides, order(index, rows), first);
        await db.mappings.upsertMany(kind, order(index, mapped), at);
        await db.records.markDeleted(sides, order(index + 1, ids), at);
        await db.records.deleteMany(sides, order(index, ids));
        await db.mappings.deleteMany(kind, order(index + 1, ids));
      });
      const count = async (): Promise<number[]> => [
        await db.records.count(sides),
        await db.mappings.count(kind),
      ];
      const stored = (await db.records.list(sides, null, 1_000)).filter(
        ({ deletedAt }) => deletedAt === null,
      ).length;
      expect(await count()).toEqual([stored, (await db.mappings.list(kind, null, 1_000)).length]);
      await db.records.upsertMany(sides, rows, first);
      await db.mappings.upsertMany(kind, mapped, at);
      expect(await count()).toEqual([300, 300]);
    });

    it('counts: a transaction that is rolled back counts nothing', async ({ persistence: db }) => {
      const scope = await aScope(db);
      await db.records.upsertMany(scope, numbered(3), first);
      const work = db.transaction(async ({ records }) => {
        await records.upsertMany(scope, numbered(2, 'x'), first);
        await records.deleteMany(scope, ['r0']);
        expect(await records.count(scope)).toBe(4);
        throw new RangeError('no');
      });
      await expect(work).rejects.toThrow('no');
      expect(await db.records.count(scope)).toBe(3);
    });
  });
}
