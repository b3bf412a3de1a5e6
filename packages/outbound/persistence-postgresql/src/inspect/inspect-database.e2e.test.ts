import { describe, expect, it, jest } from '@jest/globals';
import { migrations } from '../generated/migrations.js';
import { sql, testPersistence } from '../postgres.fixture.js';
import { expectedIndexes } from './expected-schema.js';

jest.setTimeout(60_000);

describe('inspect', () => {
  it('finds nothing to say about a migrated database', async () => {
    const { persistence } = await testPersistence({ poolSize: 3 });
    const found = await persistence.inspect();
    await persistence.close();
    expect(found).toMatchObject({
      serverVersion: expect.stringMatching(/^\d+\.\d+$/),
      supported: true,
      missingColumns: [],
      missingIndexes: [],
      invalidIndexes: [],
      rowSecurity: { covered: [], role: { bypasses: true, owner: true } },
      connections: { poolSize: 3 },
    });
    // The server is on this machine.
    expect(Math.abs(found.clockSkewMs)).toBeLessThan(60_000);
    expect(found.connections.max).toBeGreaterThan(found.connections.open);
    expect(found.connections.open).toBeGreaterThan(0);
  });

  it('expects exactly the indexes that the migrations make', async () => {
    const { persistence, url } = await testPersistence();
    const rows = await sql<{ name: string }>(
      url,
      `SELECT indexname AS name FROM pg_indexes
       WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    );
    await persistence.close();
    expect(rows.map(({ name }) => name).sort()).toEqual([...expectedIndexes()]);
  });

  it('names what is missing and what is invalid', async () => {
    const { persistence, url } = await testPersistence();
    await sql(url, 'ALTER TABLE users DROP COLUMN email');
    await sql(url, 'DROP INDEX tokens_user_idx');
    await sql(
      url,
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'runs_list_idx'::regclass`,
    );
    const found = await persistence.inspect();
    await persistence.close();
    expect(found).toMatchObject({
      missingColumns: ['users.email'],
      missingIndexes: ['tokens_user_idx'],
      invalidIndexes: ['runs_list_idx'],
    });
  });

  it('follows indexes that migrations drop and rename', () => {
    const sqls = [
      'CREATE TABLE "a" ("id" UUID NOT NULL, CONSTRAINT "a_pkey" PRIMARY KEY ("id"));',
      'CREATE INDEX "a_x" ON "a"("x"); CREATE UNIQUE INDEX "a_y" ON "a"("y");',
      'DROP INDEX "a_x"; ALTER INDEX "a_y" RENAME TO "a_z"; CREATE INDEX CONCURRENTLY "a_w" ON "a"("w");',
    ];
    const made = sqls.map((text, index) => ({ name: String(index), sql: text }));
    expect(expectedIndexes(made)).toEqual(['a_pkey', 'a_w', 'a_z']);
    expect(expectedIndexes(migrations)).toEqual(expectedIndexes());
  });
});
