import { describe, expect, it, jest } from '@jest/globals';
import type { RecordScope, Repositories } from '@tenon/core';
import { anAssociationObject, testEncryptor, uniqueId } from '@tenon/testing';
import pg from 'pg';
import { testPersistence } from './postgres.fixture.js';
import { createPostgresqlPersistence } from './postgresql-persistence.js';
import { tellingPool } from './telling-pool.fixture.js';

jest.setTimeout(60_000);

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Parent Relationship'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** How a statement finds the rows that it changes, with a plan that knows no values: what prepared statements come to. */
async function waysToChange(client: pg.Client, text: string): Promise<readonly string[]> {
  await client.query(`PREPARE told AS ${text}`);
  const places = new Set(text.match(/\$\d+/g)).size;
  const values = Array.from({ length: places }, () => 'NULL').join(', ');
  const { rows } = await client.query<{ readonly 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) EXECUTE told (${values})`,
  );
  await client.query('DEALLOCATE told');
  const ways: string[] = [];
  const visit = (node: PlanNode): void => {
    const children = node.Plans ?? [];
    const outer = children.find((child) => child['Parent Relationship'] === 'Outer');
    if (node['Node Type'] === 'ModifyTable' && outer) ways.push(outer['Node Type']);
    children.forEach(visit);
  };
  const [plan] = rows[0]?.['QUERY PLAN'] ?? [];
  if (plan) visit(plan.Plan);
  return ways;
}

const at = new Date('2026-05-06T07:08:09.123Z');
const scope = { tenantId: uniqueId<never>(), installationId: uniqueId<never>() };
const side: RecordScope = { ...scope, syncId: uniqueId(), side: 'source' };

const CALLS: Readonly<Record<string, (db: Repositories) => Promise<unknown>>> = {
  'mappings.deleteMany': (db) => db.mappings.deleteMany({ ...scope, kind: 'contact' }, ['a']),
  'records.deleteMany': (db) => db.records.deleteMany(side, ['a']),
  'records.markDeleted': (db) => db.records.markDeleted(side, ['a'], at),
  'associationObjects.deleteMany': (db) =>
    db.associationObjects.deleteMany({ id: uniqueId(), tenantId: scope.tenantId }, [
      anAssociationObject(),
    ]),
};

describe('deletions of listed rows', () => {
  it('find their rows by an index, never by joining what is listed with what is locked', async () => {
    const { persistence, url } = await testPersistence();
    await persistence.close();
    const statements: string[] = [];
    const pool = tellingPool(url, statements);
    const telling = createPostgresqlPersistence({ pool, encryptor: testEncryptor() });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    // The tables are empty: they would be read whole.
    await client.query('SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off');
    try {
      for (const [name, call] of Object.entries(CALLS)) {
        statements.length = 0;
        await call(telling);
        const changing = statements.filter((text) => /\b(DELETE FROM|UPDATE) /.test(text));
        expect([name, changing.length]).toEqual([name, 1]);
        for (const text of changing) {
          const ways = await waysToChange(client, text);
          expect([name, ways]).toEqual([
            name,
            [expect.stringMatching(/^(Index|Bitmap Heap) Scan$/)],
          ]);
        }
      }
    } finally {
      await client.end();
      await telling.close();
      await pool.end();
    }
  });
});
