import {
  archivedEntities,
  archiveKeyOf,
  archiveRowText,
  canonicalJson,
  describedEntity,
  secret,
  secretNames,
} from '@tenon/core';
import type { ArchiveRow, EntityName, Persistence, TenantArchive, TenantId } from '@tenon/core';
import { tenantRows } from '../fixtures/tenant-rows.js';
import type { TenantRows } from '../fixtures/tenant-rows.js';
import { uniqueId } from '../fixtures/unique.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { codeOf, revealed } from './persistence-suite.js';

const COUNT = 12;

async function generated(options: { tenantId?: TenantId; count?: number } = {}) {
  const { default: fc } = await import('fast-check');
  const tenantId = options.tenantId ?? uniqueId<TenantId>();
  const seed = Math.floor(Math.random() * 1e9);
  return { tenantId, rows: tenantRows(fc, { count: COUNT, seed, ...options, tenantId }) };
}

async function writeAll(persistence: Persistence, tenantId: TenantId, rows: TenantRows) {
  const outcomes: unknown[] = [];
  for (const [entity, each] of rows) {
    outcomes.push({ entity, ...(await persistence.archive.write(tenantId, entity, each)) });
  }
  return outcomes;
}

async function readAll(
  archive: TenantArchive,
  [tenantId, entity]: readonly [TenantId, EntityName],
  options: { readonly after?: readonly string[] | null; readonly pageSize?: number } = {},
): Promise<readonly ArchiveRow[]> {
  const { after = null, pageSize = 5 } = options;
  const reader = await archive.openReader();
  const rows: ArchiveRow[] = [];
  try {
    for await (const page of reader.read(tenantId, entity, { after, pageSize })) {
      if (page.length === 0 || page.length > pageSize) throw new Error(`A page of ${page.length}`);
      rows.push(...page);
    }
  } finally {
    await reader.close();
  }
  return rows;
}

function textsOf(entity: EntityName, rows: readonly ArchiveRow[]): readonly string[] {
  return rows.map((row) => {
    const secrets = secretNames(entity).map((name) => [name, canonicalJson(revealed(row[name]))]);
    return archiveRowText(entity, row, Object.fromEntries(secrets) as Record<string, string>);
  });
}

const bytes = (text: string): string => Buffer.from(text).toString('hex');

function inKeyOrder(entity: EntityName, rows: readonly ArchiveRow[]): readonly ArchiveRow[] {
  const order = (row: ArchiveRow): string => archiveKeyOf(entity, row).map(bytes).join('/');
  return [...rows].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Tests that whole tenants are read and written by the catalogue. */
export function archiveContract({ describe, it, expect }: PersistenceSuite): void {
  describe('archive', () => {
    it('archive: every entity comes back as it was written, in the order of its key', async ({
      persistence,
    }) => {
      const { tenantId, rows } = await generated();
      const outcomes = await writeAll(persistence, tenantId, rows);
      const inserted = [...rows].map(([entity, { length }]) => {
        return { entity, inserted: length, equal: 0, different: [] };
      });
      expect(outcomes).toEqual(inserted);
      for (const [entity, given] of rows) {
        const read = await readAll(persistence.archive, [tenantId, entity]);
        expect(textsOf(entity, read)).toEqual(textsOf(entity, inKeyOrder(entity, given)));
      }
    });

    it('archive: rows that come as text are the same rows', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      await writeAll(persistence, tenantId, rows);
      const reader = await persistence.archive.openReader();
      for (const [entity, given] of rows) {
        if (!reader.readTexts || secretNames(entity).length > 0) continue;
        const after = archiveKeyOf(entity, inKeyOrder(entity, given)[0] ?? {});
        const texts: string[] = [];
        for await (const page of reader.readTexts(tenantId, entity, { after, pageSize: 5 })) {
          texts.push(...page);
        }
        expect([entity, texts]).toEqual([
          entity,
          textsOf(entity, inKeyOrder(entity, given).slice(1)),
        ]);
      }
      await reader.close();
    });

    it('archive: keys of text are in the order of code points', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      const [state] = rows.get('states') ?? [];
      const keys = ['a', 'z', 'ä', '\uFFFD', '😀'];
      const given = [...keys].reverse().map((key): ArchiveRow => ({ ...state, tenantId, key }));
      await persistence.archive.write(tenantId, 'states', given);
      const read = await readAll(persistence.archive, [tenantId, 'states'], { pageSize: 2 });
      expect(read.map(({ key }) => key)).toEqual(keys);
    });

    it('archive: repositories find what was written', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      await writeAll(persistence, tenantId, rows);
      const [mapping] = rows.get('mappings') ?? [];
      const [connection] = rows.get('connections') ?? [];
      const scope = mapping as never;
      expect(await persistence.tenants.find(tenantId)).toMatchObject({ id: tenantId });
      expect(await persistence.mappings.count(scope)).toBe(1);
      expect(
        await persistence.connections.find(tenantId, connection?.['id'] as never),
      ).toMatchObject({ name: connection?.['name'] });
    });

    it('archive: writing again changes nothing, and tells what is there otherwise', async ({
      persistence,
    }) => {
      const { tenantId, rows } = await generated();
      await writeAll(persistence, tenantId, rows);
      for (const [entity, given] of rows) {
        const again = await persistence.archive.write(tenantId, entity, given);
        expect([entity, again]).toEqual([
          entity,
          { inserted: 0, equal: given.length, different: [] },
        ]);
      }
      const users = rows.get('users') ?? [];
      const [first, ...rest] = users;
      const changed = { ...first, email: 'changed@example.com' };
      expect(await persistence.archive.write(tenantId, 'users', [changed, ...rest])).toEqual({
        inserted: 0,
        equal: rest.length,
        different: [archiveKeyOf('users', changed)],
      });
      const read = await readAll(persistence.archive, [tenantId, 'users']);
      expect(textsOf('users', read)).toEqual(textsOf('users', inKeyOrder('users', users)));
    });

    it('archive: rows that are there may stand beside new ones, before and after new ones alone', async ({
      persistence,
    }) => {
      const { tenantId, rows } = await generated();
      const users = rows.get('users') ?? [];
      const write = async (from: number, to: number) => {
        const given = users.slice(from, to);
        const { inserted, equal } = await persistence.archive.write(tenantId, 'users', given);
        return [inserted, equal];
      };
      expect(await write(0, 4)).toEqual([4, 0]);
      expect(await write(2, 6)).toEqual([2, 2]);
      expect(await write(6, 8)).toEqual([2, 0]);
      expect(await write(8, 10)).toEqual([2, 0]);
      expect(await write(0, COUNT)).toEqual([2, 10]);
      const read = await readAll(persistence.archive, [tenantId, 'users']);
      expect(textsOf('users', read)).toEqual(textsOf('users', inKeyOrder('users', users)));
    });

    it('archive: a unique value of another row refuses all rows', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      const [first, second, third] = rows.get('users') ?? [];
      await persistence.archive.write(tenantId, 'users', [{ ...first, username: 'ada' }]);
      for (const given of [
        [second, { ...third, username: 'ada' }],
        [{ ...second, username: 'ada' }],
      ]) {
        const refused = persistence.archive.write(tenantId, 'users', given as ArchiveRow[]);
        expect(await codeOf(refused)).toBe('UNIQUE_CONFLICT');
      }
      expect(await readAll(persistence.archive, [tenantId, 'users'])).toHaveLength(1);
    });

    it('archive: signs that a database uses for itself come back', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      const signs = [
        '\\N',
        '\\.',
        '\\',
        '\t',
        '\n',
        '\r\n',
        '\b\f\v',
        '',
        ' ',
        'NULL',
        'null',
        '"',
        '{,}',
        "'",
        '\\t',
        '😀',
      ];
      const [state] = rows.get('states') ?? [];
      const [token] = rows.get('tokens') ?? [];
      const states = signs.map((sign, index): ArchiveRow => {
        return { ...state, key: `${index}-${sign}`, value: { [sign]: [sign, null, 1.5, true] } };
      });
      const given: ArchiveRow = { ...token, scopes: signs };
      await persistence.archive.write(tenantId, 'users', rows.get('users') ?? []);
      await persistence.archive.write(tenantId, 'states', states);
      await persistence.archive.write(tenantId, 'tokens', [given]);
      const read = await readAll(persistence.archive, [tenantId, 'states']);
      expect(textsOf('states', read)).toEqual(textsOf('states', inKeyOrder('states', states)));
      const tokens = await readAll(persistence.archive, [tenantId, 'tokens']);
      expect(textsOf('tokens', tokens)).toEqual(textsOf('tokens', [given]));
    });

    it('archive: a changed secret is a different row', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      await writeAll(persistence, tenantId, rows);
      const [credential] = rows.get('credentials') ?? [];
      const changed = { ...credential, material: secret({ other: true }) };
      const outcome = await persistence.archive.write(tenantId, 'credentials', [changed]);
      expect(outcome.different).toEqual([archiveKeyOf('credentials', changed)]);
    });

    it('archive: reading goes on after a key', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      await writeAll(persistence, tenantId, rows);
      for (const [entity, given] of rows) {
        const sorted = inKeyOrder(entity, given);
        const at = Math.floor(sorted.length / 2);
        const after = archiveKeyOf(entity, sorted[at] ?? {});
        const read = await readAll(persistence.archive, [tenantId, entity], { after, pageSize: 2 });
        expect(textsOf(entity, read)).toEqual(textsOf(entity, sorted.slice(at + 1)));
      }
    });

    it('archive: counts what it reads', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      await writeAll(persistence, tenantId, rows);
      const reader = await persistence.archive.openReader();
      for (const [entity, given] of rows) {
        expect([entity, await reader.count(tenantId, entity)]).toEqual([entity, given.length]);
        expect(await reader.count(uniqueId<TenantId>(), entity)).toBe(0);
      }
      await reader.close();
      await reader.close();
    });

    it('archive: reading that is given up leaves nothing behind', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      await writeAll(persistence, tenantId, rows);
      const reader = await persistence.archive.openReader();
      for await (const page of reader.read(tenantId, 'users', { after: null, pageSize: 1 })) {
        expect(page).toHaveLength(1);
        break;
      }
      expect(await reader.count(tenantId, 'users')).toBe(COUNT);
      await reader.close();
    });

    it('archive: other tenants are neither read nor changed', async ({ persistence }) => {
      const mine = await generated();
      const foreign = await generated();
      await writeAll(persistence, foreign.tenantId, foreign.rows);
      await writeAll(persistence, mine.tenantId, mine.rows);
      for (const [entity, rows] of foreign.rows) {
        // Longer keys may name the tenant, in whatever way.
        if (entity === 'tenants' || describedEntity(entity).key.join() !== 'id') continue;
        const stolen = rows.map((row) => ({ ...row, tenantId: mine.tenantId }));
        const outcome = await persistence.archive.write(mine.tenantId, entity, stolen);
        const { inserted, different } = outcome;
        expect([entity, inserted, different.length]).toEqual([entity, 0, rows.length]);
      }
      for (const [entity, rows] of foreign.rows) {
        const read = await readAll(persistence.archive, [foreign.tenantId, entity]);
        expect(textsOf(entity, read)).toEqual(textsOf(entity, inKeyOrder(entity, rows)));
      }
    });

    it('archive: a row of another tenant than named is refused', async ({ persistence }) => {
      const { tenantId, rows } = await generated();
      const users = rows.get('users') ?? [];
      const refused = persistence.archive.write(uniqueId<TenantId>(), 'users', users);
      expect(await codeOf(refused)).toBe('VALIDATION_FAILED');
      expect(await readAll(persistence.archive, [tenantId, 'users'])).toEqual([]);
    });

    it('archive: holds every entity that the catalogue archives', async () => {
      const { rows } = await generated({ count: 1 });
      expect([...rows.keys()]).toEqual(archivedEntities);
    });
  });
}
