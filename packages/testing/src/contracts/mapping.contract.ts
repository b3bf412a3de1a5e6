import type { Mapping, MappingScope, Repositories } from '@tenon/core';
import { uniqueId } from '../fixtures/unique.js';
import { later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

type Row = Parameters<Repositories['mappings']['upsertMany']>[1][number];

const at = new Date('2026-05-06T07:08:09.123Z');

async function aScope(persistence: Repositories): Promise<MappingScope> {
  const world = await World.create(persistence);
  return { ...scopeOf(await world.addInstallation()), kind: 'contact' };
}

function row(sourceId: string, overrides: Partial<Row> = {}): Row {
  return { sourceId, targetId: null, hash: null, state: null, ...overrides };
}

/** Tests of `MappingRepository`. */
export function mappingContract({ describe, it, expect }: PersistenceSuite): void {
  const bySource = (rows: readonly Mapping[]) => new Map(rows.map((each) => [each.sourceId, each]));

  describe('mappings', () => {
    it('mappings: upsertMany keeps every field', async ({ persistence }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      const rows = [
        row('1'),
        row('2', { targetId: 't2', hash: 'h2', state: { n: 1, deep: [null, { x: '€' }] } }),
        row('3', { state: 'text' }),
        row('4', { state: 0 }),
        row('5', { state: false }),
        row('6', { state: [] }),
      ];
      expect(await mappings.upsertMany(scope, rows, at)).toBe(6);
      const found = await mappings.list(scope, null, 100);
      expect(found).toEqual(rows.map((each) => ({ ...scope, ...each, updatedAt: at })));
    });

    it('mappings: 5,000 rows with duplicates in one call, the last wins', async ({
      persistence,
    }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      const rows = Array.from({ length: 5_000 }, (_, index) =>
        row(`id-${index % 4_000}`, { targetId: `first-${index}`, state: { index } }),
      );
      expect(await mappings.upsertMany(scope, rows, at)).toBe(4_000);
      expect(await mappings.count(scope)).toBe(4_000);
      const ids = ['id-0', 'id-999', 'id-1000', 'id-3999', 'missing'];
      const found = bySource(await mappings.findMany(scope, [...ids, 'id-0']));
      expect([...found.keys()].sort()).toEqual(ids.slice(0, 4).sort());
      expect(found.get('id-0')).toMatchObject({ targetId: 'first-4000', state: { index: 4_000 } });
      expect(found.get('id-1000')).toMatchObject({ targetId: 'first-1000' });
      const all = await mappings.findMany(
        scope,
        rows.map(({ sourceId }) => sourceId),
      );
      expect(all).toHaveLength(4_000);
      expect(
        await mappings.deleteMany(
          scope,
          rows.map(({ sourceId }) => sourceId),
        ),
      ).toBe(4_000);
      expect(await mappings.count(scope)).toBe(0);
    });

    it('mappings: upsertMany replaces target, hash, state and time', async ({ persistence }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      await mappings.upsertMany(
        scope,
        [row('1', { targetId: 'a', hash: 'h', state: { a: 1 } })],
        at,
      );
      expect(await mappings.upsertMany(scope, [row('1', { targetId: 'b' })], later(at, 5))).toBe(1);
      expect(await mappings.list(scope, null, 10)).toEqual([
        { ...scope, ...row('1', { targetId: 'b' }), updatedAt: later(at, 5) },
      ]);
      expect(await mappings.findByTarget(scope, 'a')).toEqual([]);
      expect(await mappings.findByTarget(scope, 'b')).toHaveLength(1);
    });

    it('mappings: findByTarget answers every source', async ({ persistence }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      const rows = [row('1', { targetId: 't' }), row('2', { targetId: 't' }), row('3')];
      await mappings.upsertMany(scope, rows, at);
      const found = await mappings.findByTarget(scope, 't');
      expect([...bySource(found).keys()].sort()).toEqual(['1', '2']);
      expect(await mappings.findByTarget(scope, 'nobody')).toEqual([]);
    });

    it('mappings: list is in the order of code points', async ({ persistence }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      const ordered = ['', ' ', '-1', '0', '10', '9', 'A', 'Z', '_', 'a', 'aa', 'z', 'ä', '€'];
      // U+FFFD is below U+1F600, though its UTF-16 unit is above the emoji's first one.
      ordered.push('\uFFFD', '😀', '😀a');
      const shuffled = [...ordered].sort((a, b) => a.length - b.length || (a < b ? 1 : -1));
      await mappings.upsertMany(
        scope,
        shuffled.map((each) => row(each)),
        at,
      );
      const list = async (after: string | null, limit: number): Promise<string[]> =>
        (await mappings.list(scope, after, limit)).map(({ sourceId }) => sourceId);
      expect(await list(null, 100)).toEqual(ordered);
      expect(await list('A', 3)).toEqual(['Z', '_', 'a']);
      expect(await list('B', 2)).toEqual(['Z', '_']);
      expect(await list('😀a', 2)).toEqual([]);
      const walked: string[] = [];
      for (let page = await list(null, 4); page.length > 0; page = await list(page.at(-1)!, 4)) {
        walked.push(...page);
      }
      expect(walked).toEqual(ordered);
    });

    it('mappings: list sees rows added and deleted between pages', async ({ persistence }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      await mappings.upsertMany(
        scope,
        ['b', 'd', 'f', 'h'].map((each) => row(each)),
        at,
      );
      const first = await mappings.list(scope, null, 2);
      expect(first.map(({ sourceId }) => sourceId)).toEqual(['b', 'd']);
      await mappings.upsertMany(
        scope,
        ['a', 'e', 'i'].map((each) => row(each)),
        at,
      );
      await mappings.deleteMany(scope, ['f', 'd']);
      await mappings.upsertMany(scope, [row('f')], at);
      const second = await mappings.list(scope, 'd', 10);
      expect(second.map(({ sourceId }) => sourceId)).toEqual(['e', 'f', 'h', 'i']);
    });

    it('mappings: kinds, installations and tenants do not meet', async ({ persistence }) => {
      const { mappings } = persistence;
      const scope = await aScope(persistence);
      const elsewhere: MappingScope[] = [
        { ...scope, kind: 'deal' },
        { ...scope, installationId: uniqueId() },
        { ...scope, tenantId: uniqueId() },
      ];
      await mappings.upsertMany(scope, [row('1', { targetId: 't' })], at);
      for (const other of elsewhere) {
        expect(await mappings.findMany(other, ['1'])).toEqual([]);
        expect(await mappings.findByTarget(other, 't')).toEqual([]);
        expect(await mappings.list(other, null, 10)).toEqual([]);
        expect(await mappings.count(other)).toBe(0);
        expect(await mappings.deleteMany(other, ['1'])).toBe(0);
      }
      expect(await mappings.count(scope)).toBe(1);
    });

    it('mappings: empty lists are nothing', async ({ persistence }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      expect(await mappings.upsertMany(scope, [], at)).toBe(0);
      expect(await mappings.findMany(scope, [])).toEqual([]);
      expect(await mappings.deleteMany(scope, [])).toBe(0);
    });

    it('mappings: parallel upserts of the same keys in other orders all succeed', async ({
      persistence,
    }) => {
      const scope = await aScope(persistence);
      const { mappings } = persistence;
      const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
      const writers = Array.from({ length: 10 }, (_, writer) => {
        const order = writer % 2 === 0 ? keys : [...keys].reverse();
        const rows = order.map((key) => row(key, { targetId: `writer-${writer}` }));
        return mappings.upsertMany(scope, rows, at);
      });
      expect(await Promise.all(writers)).toEqual(writers.map(() => 200));
      expect(await mappings.count(scope)).toBe(200);
    });
  });
}
