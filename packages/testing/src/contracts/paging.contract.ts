import { chainAfter, decodeCursor } from '@tenon/core';
import type { Page, PageQuery, Persistence } from '@tenon/core';
import { aTenant } from '../fixtures/entities.js';
import { anAssociation, anAssociationObject } from '../fixtures/syncs.js';
import { aFile, anAuditEntry } from '../fixtures/records.js';
import { uniquePast } from '../fixtures/unique.js';
import { testCrypto } from '../platform/test-crypto.js';
import { later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

interface Listed {
  readonly id: string;
  readonly createdAt: Date;
}

/** A list of its own: how to add a row to it and how to read it. */
interface Collection {
  add(createdAt: Date): Promise<Listed>;
  list(page: PageQuery): Promise<Page<Listed>>;
}

const newest = '2026-05-06T07:08:09.123Z';

const collections: Readonly<Record<string, (db: Persistence) => Promise<Collection>>> = {
  users: async (db) => {
    const world = await World.create(db);
    return {
      add: (createdAt) => world.addUser({ createdAt, kind: 'organization' }),
      list: (page) => db.users.list(world.tenantId, { kind: 'organization' }, page),
    };
  },
  memberships: async (db) => {
    const world = await World.create(db);
    const { id: organizationId } = await world.addUser({ kind: 'organization' });
    return {
      add: (createdAt) => world.addMembership({ organizationId, createdAt }),
      list: (page) => db.memberships.list(world.tenantId, { organizationId }, page),
    };
  },
  tokens: async (db) => {
    const world = await World.create(db);
    return {
      add: (createdAt) => world.addToken({ createdAt }),
      list: (page) => db.tokens.list(world.tenantId, world.user.id, page),
    };
  },
  connections: async (db) => {
    const world = await World.create(db);
    return {
      add: (createdAt) => world.addConnection({ createdAt }),
      list: (page) => db.connections.list(world.tenantId, { state: 'active' }, page),
    };
  },
  installations: async (db) => {
    const world = await World.create(db);
    return {
      add: (createdAt) => world.addInstallation({ createdAt }),
      list: (page) => db.installations.list(world.tenantId, { userId: world.user.id }, page),
    };
  },
  runs: async (db) => {
    const world = await World.create(db);
    const installation = await world.addInstallation();
    return {
      add: (createdAt) => world.addRun(installation, { createdAt }),
      list: (page) => db.runs.list(world.tenantId, { userId: world.user.id }, page),
    };
  },
  syncs: async (db) => {
    const world = await World.create(db);
    const installation = await world.addInstallation();
    return {
      add: (createdAt) => world.addSync(installation, { createdAt }),
      list: (page) => db.syncs.list(world.tenantId, { state: 'idle' }, page),
    };
  },
  associations: async (db) => {
    const scope = scopeOf(await (await World.create(db)).addInstallation());
    return {
      add: async (createdAt) => {
        const association = anAssociation({ ...scope, createdAt });
        await db.associations.insert(association);
        return association;
      },
      list: (page) => db.associations.list(scope.tenantId, {}, page),
    };
  },
  associationObjects: async (db) => {
    const association = anAssociation(scopeOf(await (await World.create(db)).addInstallation()));
    await db.associations.insert(association);
    const { tenantId, id: associationId } = association;
    return {
      add: async (createdAt) => {
        const object = anAssociationObject();
        await db.associationObjects.upsertMany(association, [object], createdAt);
        return { ...object, createdAt };
      },
      list: (page) => db.associationObjects.list(tenantId, { associationId }, page),
    };
  },
  schedules: async (db) => {
    const world = await World.create(db);
    const installation = await world.addInstallation();
    return {
      add: (createdAt) => world.addSchedule(installation, { createdAt }),
      list: (page) => db.schedules.list(world.tenantId, { enabled: true }, page),
    };
  },
  deadLetters: async (db) => {
    const world = await World.create(db);
    const installation = await world.addInstallation();
    return {
      add: (createdAt) => world.addDeadLetter(installation, { createdAt }),
      list: (page) => db.deadLetters.list(world.tenantId, { reasons: ['failed'] }, page),
    };
  },
  audit: async (db) => {
    const { tenantId } = await World.create(db);
    return {
      add: async (createdAt) => {
        const entry = anAuditEntry({ tenantId, createdAt });
        const head = await db.audit.head(tenantId);
        await db.audit.append(tenantId, head, chainAfter(testCrypto, head, [entry]));
        return entry;
      },
      list: (page) => db.audit.list(tenantId, { actorKind: 'app' }, page),
    };
  },
  files: async (db) => {
    const { tenantId } = await World.create(db);
    return {
      add: async (createdAt) => {
        const file = aFile({ tenantId, createdAt });
        await db.files.insert(file);
        return file;
      },
      list: (page) => db.files.list(tenantId, { status: 'stored' }, page),
    };
  },
  webhookDeliveries: async (db) => {
    const world = await World.create(db);
    const endpoint = await world.addEndpoint(await world.addInstallation());
    return {
      add: (createdAt) => world.addDelivery(endpoint, { createdAt }),
      list: (page) => db.webhookDeliveries.list(world.tenantId, {}, page),
    };
  },
};

/** Reads to the end by following cursors; `between` runs between two pages. */
async function walk(
  list: Collection['list'],
  limit: number,
  between: (page: number) => Promise<unknown>,
): Promise<Listed[]> {
  const seen: Listed[] = [];
  let after: PageQuery['after'] = null;
  for (let page = 0; page < 100; page += 1) {
    const { items, nextCursor }: Page<Listed> = await list({ limit, after });
    if (items.length > limit) throw new Error(`${items.length} rows on a page of ${limit}`);
    seen.push(...items);
    if (nextCursor === null) return seen;
    after = decodeCursor(nextCursor);
    await between(page);
  }
  throw new Error('The cursors never end');
}

function byNewest(a: Listed, b: Listed): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}

/** Tests of lists, for every repository that has one. */
export function pagingContract({ describe, it, expect }: PersistenceSuite): void {
  describe('paging', () => {
    for (const [name, open] of Object.entries(collections)) {
      it(`paging: ${name} are visited once while rows are inserted`, async ({ persistence }) => {
        const { default: fc } = await import('fast-check');
        const base = new Date(newest);
        const offsets = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 });
        const property = fc.asyncProperty(
          offsets,
          fc.array(fc.integer({ min: -3, max: 8 }), { maxLength: 6 }),
          fc.integer({ min: 1, max: 5 }),
          async (existing, inserted, limit) => {
            const { add, list } = await open(persistence);
            const rows: Listed[] = [];
            for (const offset of existing) rows.push(await add(later(base, offset)));
            const seen = await walk(list, limit, async (page) => {
              const offset = inserted[page];
              if (offset !== undefined) await add(later(base, offset));
            });
            const ids = seen.map(({ id }) => id);
            expect(new Set(ids).size).toBe(ids.length);
            const known = new Set(rows.map(({ id }) => id));
            const visited = seen.filter(({ id }) => known.has(id)).map(({ id }) => id);
            expect(visited).toEqual(rows.sort(byNewest).map(({ id }) => id));
            expect(seen).toEqual([...seen].sort(byNewest));
          },
        );
        await fc.assert(property, { numRuns: 8 });
      });
    }

    it('paging: tenants are visited once', async ({ persistence: { tenants } }) => {
      const base = uniquePast();
      const rows = [0, 0, 0, 1, 1, 2, 3].map((ms) => aTenant({ createdAt: later(base, ms) }));
      for (const row of rows) await tenants.insert(row);
      const known = new Set<string>(rows.map(({ id }) => id));
      const seen: string[] = [];
      let after: PageQuery['after'] = { at: later(base, 4), id: rows[0]!.id };
      while (after !== null && after.at >= base) {
        const page: Page<Listed> = await tenants.list({ limit: 2, after });
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ id }) => id).filter((id) => known.has(id)));
        after = page.nextCursor === null ? null : decodeCursor(page.nextCursor);
      }
      expect(seen).toEqual([...rows].sort(byNewest).map(({ id }) => id));
    });

    it('paging: a full last page has no next cursor', async ({ persistence }) => {
      const { add, list } = await collections['runs']!(persistence);
      for (const ms of [0, 1, 2, 3]) await add(later(new Date(newest), ms));
      expect((await list({ limit: 4, after: null })).nextCursor).toBeNull();
      expect((await list({ limit: 3, after: null })).nextCursor).not.toBeNull();
      expect(await list({ limit: 3, after: { at: new Date(0), id: '0' } })).toEqual({
        items: [],
        nextCursor: null,
      });
    });
  });
}
