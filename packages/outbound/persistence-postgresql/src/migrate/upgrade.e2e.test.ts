import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { migrations } from '../generated/migrations.js';
import { freshDatabase, sql } from '../postgres.fixture.js';
import { deploy } from './migrate.js';

jest.setTimeout(60_000);

/** A database as it was before the migration whose name ends like this, and how to apply the ones from there on. */
async function databaseBefore(name: string) {
  const at = migrations.findIndex((each) => each.name.endsWith(name));
  if (at < 0) throw new Error(`There is no migration '${name}'`);
  const url = await freshDatabase();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  await deploy(pool, migrations.slice(0, at));
  return { url, pool, upTo: (count: number) => deploy(pool, migrations.slice(0, at + count)) };
}

describe('data of the versions before', () => {
  let pool: pg.Pool | undefined;

  afterEach(() => pool?.end());

  it('mappings that are there are counted, those of old processes too', async () => {
    const before = await databaseBefore('_syncs_and_counts');
    ({ pool } = before);
    const [tenant, installation] = [randomUUID(), randomUUID()];
    const insert = (kind: string, count: number) =>
      sql(
        before.url,
        `INSERT INTO mappings (tenant_id, installation_id, kind, source_id, updated_at)
         SELECT $1, $2, $3, gen_random_uuid()::text, now() FROM generate_series(1, $4)`,
        [tenant, installation, kind, count],
      );
    await insert('contact', 3);
    await insert('deal', 2);
    await before.upTo(1);
    await insert('contact', 4);
    const counts = await sql(
      before.url,
      `SELECT name, sum(total)::int AS total FROM row_counts
       WHERE tenant_id = $1 AND installation_id = $2 GROUP BY name ORDER BY name`,
      [tenant, installation],
    );
    expect(counts).toEqual([
      { name: 'mappings:contact', total: 7 },
      { name: 'mappings:deal', total: 2 },
    ]);
  });

  it('organisations of users become memberships, also those written between the two migrations', async () => {
    const before = await databaseBefore('_memberships');
    ({ pool } = before);
    const [tenant, organization, first, second] = Array.from({ length: 4 }, () => randomUUID());
    const insert = (id: string | undefined, of: string | null | undefined) =>
      sql(
        before.url,
        `INSERT INTO users (id, tenant_id, kind, organization_id, status, failed_logins, created_at, updated_at, version)
         VALUES ($1, $2, $3, $4, 'active', 0, now(), now(), 1)`,
        [id, tenant, of === null ? 'organization' : 'individual', of],
      );
    await insert(organization, null);
    await insert(first, organization);
    await insert(randomUUID(), randomUUID());
    await before.upTo(1);
    await insert(second, organization);
    await before.upTo(2);
    const rows = await sql<{ user_id: string }>(
      before.url,
      'SELECT tenant_id, organization_id, user_id, role, version FROM memberships',
    );
    const same = { tenant_id: tenant, organization_id: organization, role: 'member', version: 1 };
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([first, second].map((id) => ({ ...same, user_id: id }))),
    );
  });
});
