import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { entities, type EntityDescription } from '@tenon/core';
import { aConnection, anOutgoingJob, aTenant, aUser, testEncryptor } from '@tenon/testing';
import { fencedDatabase, freshDatabase, sql, type FencedDatabase } from '../postgres.fixture.js';
import {
  createPostgresqlPersistence,
  type PostgresqlPersistence,
} from '../postgresql-persistence.js';
import type { PostgresqlPersistenceOptions } from '../options.js';

jest.setTimeout(60_000);

const described: readonly EntityDescription[] = Object.values(entities);
const tenantTables = described.filter(({ tenant }) => tenant !== null).map(({ table }) => table);

describe('row-level security', () => {
  const ends: (() => Promise<unknown>)[] = [];
  let database: FencedDatabase;

  beforeAll(async () => {
    database = await fencedDatabase();
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  function open(
    connectionString: string,
    options: Partial<PostgresqlPersistenceOptions> = {},
  ): PostgresqlPersistence {
    const encryptor = testEncryptor();
    const persistence = createPostgresqlPersistence({ connectionString, encryptor, ...options });
    ends.push(() => persistence.close());
    return persistence;
  }

  /** Two tenants with a row of some kinds each. */
  async function fill(persistence: PostgresqlPersistence) {
    const tenants = [aTenant(), aTenant()] as const;
    for (const { id: tenantId } of tenants) {
      await persistence.tenants.insert(aTenant({ id: tenantId }));
      const user = aUser({ tenantId });
      await persistence.users.insert(user);
      await persistence.connections.insert(aConnection({ tenantId, userId: user.id }));
    }
    return tenants;
  }

  it('is enabled and forced, with both policies, on every table of tenants that the catalogue describes', async () => {
    const rows = await sql<{ table: string; policies: string[] }>(
      database.url,
      `SELECT relname AS table, ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY 1) AS policies
       FROM pg_class AS c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity`,
    );
    expect(rows.map(({ table }) => table).sort()).toEqual([...tenantTables].sort());
    expect(rows.filter(({ policies }) => policies.join() !== 'tenon_system,tenon_tenant')).toEqual(
      [],
    );
  });

  it('covers every table that has a column for a tenant', async () => {
    const rows = await sql<{ table: string }>(
      database.url,
      `SELECT table_name AS table FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'tenant_id'`,
    );
    const tables = rows.map(({ table }) => table);
    expect(tables.filter((table) => !tenantTables.includes(table))).toEqual([]);
  });

  it('gives the role of the app what it needs and no way out', async () => {
    const [facts] = await sql<Record<string, unknown>>(
      database.url,
      `SELECT rolsuper, rolbypassrls, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owns
       FROM pg_roles AS r WHERE rolname = current_user`,
    );
    expect(facts).toEqual({ rolsuper: false, rolbypassrls: false, owns: 0 });
    for (const statement of [
      'ALTER TABLE users DISABLE ROW LEVEL SECURITY',
      'DROP POLICY tenon_tenant ON users',
      'DROP TABLE users',
      'TRUNCATE users',
    ]) {
      await expect(sql(database.url, statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('shows a raw connection nothing without a tenant, and with one only its rows', async () => {
    const persistence = open(database.url, { rowLevelSecurity: true });
    const [a, b] = await fill(persistence);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    ends.push(() => client.end());
    const count = async (table: string): Promise<number> => {
      const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      return rows[0]?.n ?? -1;
    };
    for (const table of tenantTables) expect([table, await count(table)]).toEqual([table, 0]);
    await client.query('BEGIN');
    await client.query(`SELECT set_config('tenon.tenant_id', $1, true)`, [a.id]);
    const { rows } = await client.query<{ id: string }>('SELECT tenant_id AS id FROM connections');
    expect(rows).toEqual([{ id: a.id }]);
    expect(await count('tenants')).toBe(1);
    await client.query('SAVEPOINT one');
    const stolen = 'UPDATE users SET tenant_id = $1 WHERE tenant_id = $2';
    await expect(client.query(stolen, [b.id, a.id])).rejects.toMatchObject({ code: '42501' });
    await client.query('ROLLBACK TO one');
    expect((await client.query(stolen, [a.id, b.id])).rowCount).toBe(0);
    await client.query('ROLLBACK');
    expect(await count('connections')).toBe(0);
  });

  it('leaves no tenant behind on a connection, whether a statement succeeds, fails, or is one of many', async () => {
    const persistence = open(database.url, { rowLevelSecurity: true, poolSize: 1 });
    const [a, b] = await fill(persistence);
    const pool = await persistence.pool();
    const seen = async (): Promise<unknown> => {
      const { rows } = await pool.query<{ n: number; tenant: string | null }>(
        `SELECT (SELECT count(*)::int FROM users) AS n, current_setting('tenon.tenant_id', true) AS tenant,
           current_setting('tenon.system', true) AS system`,
      );
      return rows[0];
    };
    const nothing = { n: 0, tenant: '', system: '' };
    expect(await seen()).toEqual(nothing);
    await Promise.all([
      persistence.tenants.find(a.id),
      persistence.tenants.find(b.id),
      persistence.outbox.status(),
    ]);
    expect(await seen()).toEqual(nothing);
    await expect(persistence.tenants.insert(a)).rejects.toMatchObject({ code: 'UNIQUE_CONFLICT' });
    expect(await seen()).toEqual(nothing);
    const failure = new Error('of the work');
    await expect(
      persistence.transaction(async (inside) => {
        await inside.users.list(a.id, {}, { limit: 1, after: null });
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await seen()).toEqual(nothing);
  });

  it('follows a transaction from tenant to tenant', async () => {
    const persistence = open(database.url, { rowLevelSecurity: true });
    const [a, b] = await fill(persistence);
    const firstPage = { limit: 10, after: null };
    const found = await persistence.transaction(async (inside) => {
      const jobs = [anOutgoingJob(), anOutgoingJob()];
      await inside.outbox.add(jobs, new Date(), new Date());
      const pages = await Promise.all(
        [a, b, a].map(({ id }) => inside.connections.list(id, {}, firstPage)),
      );
      expect(
        await inside.connections.findMany(
          a.id,
          pages[1]!.items.map(({ id }) => id),
        ),
      ).toEqual([]);
      return pages.map(({ items }) => items.map(({ tenantId }) => tenantId));
    });
    expect(found).toEqual([[a.id], [b.id], [a.id]]);
    expect((await persistence.outbox.status()).waiting).toBe(2);
  });

  it('prepares a statement again after it failed, under its own name', async () => {
    const persistence = open(database.url, { rowLevelSecurity: true, poolSize: 1 });
    const [a] = await fill(persistence);
    await sql(database.ownerUrl, 'ALTER TABLE tokens RENAME TO tokens_away');
    const id = '00000000-0000-7000-8000-000000000000' as never;
    await expect(persistence.tokens.findWithOwner(id)).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_MISSING',
    });
    await sql(database.ownerUrl, 'ALTER TABLE tokens_away RENAME TO tokens');
    expect(await persistence.tokens.findWithOwner(id)).toBeNull();
    expect((await persistence.tenants.find(a.id))?.id).toBe(a.id);
  });

  it('is asked for and there, or prepare says what is missing', async () => {
    await open(database.url, { rowLevelSecurity: true }).prepare();
    await expect(open(database.url).prepare()).rejects.toMatchObject({
      code: 'DATABASE_RLS_UNEXPECTED',
    });
    await expect(
      open(database.ownerUrl, { rowLevelSecurity: true }).prepare(),
    ).rejects.toMatchObject({ code: 'DATABASE_RLS_BYPASSED' });
    await open(database.ownerUrl).prepare();
  });

  it('is put on what lacks it, once, by an owner that is no superuser, and taken away again', async () => {
    const admin = await freshDatabase();
    const name = `owner_${new URL(admin).pathname.slice(-8)}`;
    await sql(admin, `CREATE ROLE ${name} LOGIN PASSWORD 'owner'`);
    await sql(admin, `GRANT ALL ON SCHEMA public TO ${name}`);
    const url = new URL(admin);
    url.username = name;
    url.password = 'owner';
    const owner = open(url.href);
    await owner.migrate();
    const fenced = open(url.href, { rowLevelSecurity: true });
    await expect(fenced.prepare()).rejects.toMatchObject({ code: 'DATABASE_RLS_MISSING' });
    const [first, second] = await Promise.all([
      owner.enableRowLevelSecurity(),
      owner.enableRowLevelSecurity(),
    ]);
    expect([first, second].map(({ length }) => length).sort()).toEqual(
      [0, tenantTables.length].sort(),
    );
    expect(await owner.rowSecurityStatus()).toMatchObject({
      uncovered: [],
      role: { name, bypasses: false, owner: true },
    });
    // Forced: the owner's own rows are behind policies too, and migrations still see all.
    const [tenant] = await fill(fenced);
    expect(await sql(url.href, 'SELECT id FROM tenants')).toEqual([]);
    expect(await owner.migrate()).toEqual([]);
    await sql(admin, 'DROP POLICY tenon_tenant ON runs');
    expect(await owner.enableRowLevelSecurity()).toEqual(['runs']);
    await owner.disableRowLevelSecurity();
    expect((await owner.tenants.find(tenant.id))?.id).toBe(tenant.id);
    await owner.prepare();
  });

  it('says that a role does not exist, and changes nothing then', async () => {
    const url = await freshDatabase();
    const owner = open(url);
    await owner.migrate();
    await expect(
      owner.enableRowLevelSecurity({ grantTo: 'nobody"; DROP TABLE users; --' }),
    ).rejects.toMatchObject({ code: 'DATABASE_ERROR', cause: { code: '42704' } });
    expect((await owner.rowSecurityStatus()).covered).toEqual([]);
  });
});
