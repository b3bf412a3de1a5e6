import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { migrations as shipped } from '../generated/migrations.js';
import { freshDatabase, sql } from '../postgres.fixture.js';
import { deploy, migrationStatus, reset } from './migrate.js';
import { checksumOf, readMigrations, type Migration } from './migration.js';

const folder = fileURLToPath(
  new URL('../../../../../prisma-postgresql/migrations', import.meta.url),
);

const ONE: Migration = { name: '20260101000000_one', sql: 'CREATE TABLE one (id int);' };
const TWO: Migration = {
  name: '20260102000000_two',
  sql: `CREATE TABLE two (id int);
CREATE FUNCTION answer() RETURNS int AS $$ BEGIN RETURN 42; END; $$ LANGUAGE plpgsql;`,
};
const BROKEN: Migration = {
  name: '20260103000000_broken',
  sql: 'CREATE TABLE three (id int); SELECT nonsense;',
};

jest.setTimeout(60_000);

describe('deploy', () => {
  const pools: pg.Pool[] = [];

  async function database(): Promise<{ url: string; pool: pg.Pool }> {
    const url = await freshDatabase();
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pools.push(pool);
    return { url, pool };
  }

  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  });

  it('applies each script once, however many processes call it at once', async () => {
    const { url, pool } = await database();
    const applied = await Promise.all([1, 2, 3, 4].map(() => deploy(pool, [ONE, TWO])));
    expect(applied.flat().sort()).toEqual([ONE.name, TWO.name]);
    const rows = await sql<{ checksum: string; steps: number }>(
      url,
      'SELECT checksum, applied_steps_count AS steps FROM _prisma_migrations ORDER BY migration_name',
    );
    expect(rows).toEqual([ONE, TWO].map((each) => ({ checksum: checksumOf(each), steps: 1 })));
    expect(await sql(url, 'SELECT answer() AS n')).toEqual([{ n: 42 }]);
  });

  it('keeps nothing of a failing script, and refuses to go on until it is resolved', async () => {
    const { url, pool } = await database();
    await expect(deploy(pool, [ONE, BROKEN])).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      details: { migration: BROKEN.name },
      message: expect.stringContaining('nonsense'),
    });
    expect(
      await sql(url, "SELECT to_regclass('one') AS one, to_regclass('three') AS three"),
    ).toEqual([{ one: 'one', three: null }]);
    await expect(deploy(pool, [ONE, BROKEN])).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await migrationStatus(pool, [ONE, BROKEN])).toEqual({
      applied: [ONE.name],
      pending: [BROKEN.name],
      failed: [BROKEN.name],
      edited: [],
      unknown: [],
    });
    // What `prisma migrate resolve --rolled-back` does.
    await sql(
      url,
      'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL',
    );
    const mended = { ...BROKEN, sql: 'CREATE TABLE three (id int);' };
    expect(await deploy(pool, [ONE, mended])).toEqual([mended.name]);
  });

  it('refuses a script that was edited after it was applied', async () => {
    const { pool } = await database();
    await deploy(pool, [ONE]);
    const edited = { ...ONE, sql: `${ONE.sql} -- edited` };
    await expect(deploy(pool, [edited, TWO])).rejects.toMatchObject({ code: 'MIGRATION_EDITED' });
    expect((await migrationStatus(pool, [edited, TWO])).edited).toEqual([ONE.name]);
    expect((await migrationStatus(pool, [ONE, TWO])).pending).toEqual([TWO.name]);
  });

  it('refuses a database that is ahead', async () => {
    const { pool } = await database();
    await deploy(pool, [ONE, TWO]);
    await expect(deploy(pool, [ONE])).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' });
  });

  it('frees its lock and leaves the pool usable', async () => {
    const { pool } = await database();
    await deploy(pool, [ONE]);
    const { rows } = await pool.query<{ free: boolean }>(
      'SELECT pg_try_advisory_lock(72707369) AS free',
    );
    expect(rows[0]?.free).toBe(true);
  });

  it('ships the migrations of the folder, in a form that bundles carry along', async () => {
    expect(shipped).toEqual(await readMigrations(folder));
    expect(readFileSync(`${folder}/migration_lock.toml`, 'utf8')).toContain('postgresql');
  });

  it('makes columns that demand it compare by code point', async () => {
    const { url, pool } = await database();
    await deploy(pool);
    const rows = await sql(
      url,
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_name = 'mappings' AND collation_name = 'C' ORDER BY 1`,
    );
    expect(rows).toEqual([{ name: 'kind' }, { name: 'source_id' }]);
  });
});

describe('reset', () => {
  const relations = `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`;

  it('empties what the migrations made, makes it anew, and leaves the rest alone', async () => {
    const url = await freshDatabase();
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    await sql(url, 'CREATE TABLE theirs AS SELECT 1 AS id');
    await deploy(pool);
    const before = await sql(url, relations);
    await sql(
      url,
      `INSERT INTO tenants VALUES (gen_random_uuid(), 'Acme', 'active', now(), now(), 1)`,
    );
    const applied = await Promise.all([reset(pool), reset(pool)]);
    expect(applied).toEqual([1, 2].map(() => shipped.map(({ name }) => name)));
    expect(await sql(url, relations)).toEqual(before);
    expect(await sql(url, 'SELECT * FROM tenants')).toEqual([]);
    expect(await sql(url, 'SELECT id FROM theirs')).toEqual([{ id: 1 }]);
    expect((await migrationStatus(pool)).pending).toEqual([]);
    await pool.end();
  });

  it('works on an empty database, and after a migration that failed', async () => {
    const url = await freshDatabase();
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    expect(await reset(pool)).toEqual(shipped.map(({ name }) => name));
    await sql(url, 'UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(deploy(pool)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await reset(pool)).toHaveLength(shipped.length);
    expect(await deploy(pool)).toEqual([]);
    await pool.end();
  });

  it('drops nothing from a database that is ahead', async () => {
    const url = await freshDatabase();
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    await deploy(pool, [...shipped, TWO]);
    const before = await sql(url, relations);
    await expect(reset(pool)).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' });
    expect(await sql(url, relations)).toEqual(before);
    await pool.end();
  });
});
