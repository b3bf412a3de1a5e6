import type { InstallationId, MappingScope } from '@tenon/core';
import type { Bench, Row } from '../bench.js';
import { comparedRow } from '../compared-row.js';
import { interleave, type Contender } from '../interleave.js';
import { startPostgresFixture, type PostgresFixture } from './postgres-fixture.js';
import { planOf, toldStatements } from './told-statements.js';

const [SMALL, LARGE] = [10_000, 1_000_000];
const LISTED = 100;

const FILL = `INSERT INTO mappings
  (tenant_id, installation_id, kind, source_id, target_id, hash, state, updated_at)
  SELECT $1, $2, 'contact', 'record-' || n, 'target-' || n, md5(n::text), NULL, now()
  FROM generate_series(1, $3::int) AS n`;

/** The driver's own time-out, for statements that take long. */
const patiently = { query_timeout: 600_000 };

/** One installation with this many mappings, in a table that holds those of both. */
async function fill(fixture: PostgresFixture, rows: number): Promise<MappingScope> {
  const { pool, tenantId } = fixture;
  const { rows: ids } = await pool.query<{ id: InstallationId }>('SELECT gen_random_uuid() AS id');
  const installationId = ids[0]?.id ?? fixture.installationId;
  const client = await pool.connect();
  await client.query('SET statement_timeout = 0');
  const statement = { text: FILL, values: [tenantId, installationId, rows], ...patiently };
  await client.query(statement);
  client.release(true);
  return { tenantId, installationId, kind: 'contact' };
}

/** Starts somewhere else each time, all over the rows. */
function starts(rows: number): () => number {
  let at = 0;
  return () => (at = (at + 7_919) % (rows - LISTED));
}

/** `count` ids, `step` apart. */
function idsFrom(first: number, count: number, step: number): string[] {
  return Array.from({ length: count }, (_, index) => `record-${first + index * step + 1}`);
}

function lookups(
  { persistence }: PostgresFixture,
  scope: MappingScope,
  rows: number,
): Record<string, Contender> {
  const next = starts(rows);
  const find = (ids: string[]) => persistence.mappings.findMany(scope, ids);
  const step = rows / LISTED;
  return {
    'one id': () => find(idsFrom(next(), 1, 1)),
    [`${LISTED} ids of one page`]: () => find(idsFrom(next(), LISTED, 1)),
    [`${LISTED} ids from all over`]: () => find(idsFrom(next() % step, LISTED, step)),
  };
}

export const bench: Bench = {
  name: 'persistence-mappings',
  title: 'look-ups among 1,000,000 mappings of one installation, against 10,000',
  bar: '≤ 1.3×, through the index alone',
  async run() {
    const fixture = await startPostgresFixture({ largeCache: true });
    try {
      const [small, large] = [await fill(fixture, SMALL), await fill(fixture, LARGE)];
      const vacuum = await fixture.pool.connect();
      await vacuum.query('SET statement_timeout = 0');
      const statement = { text: 'VACUUM (ANALYZE) mappings', ...patiently };
      await vacuum.query(statement);
      // Else the measured reads write back what the insertion left behind.
      await vacuum.query('CHECKPOINT');
      vacuum.release(true);
      const few = lookups(fixture, small, SMALL);
      const many = lookups(fixture, large, LARGE);
      const rows: Row[] = [];
      for (const [figure, ours] of Object.entries(many)) {
        const raw = few[figure];
        if (!raw) continue;
        const [statement] = await toldStatements(fixture, async () => ours());
        const plan = statement ? await planOf(fixture, statement) : 'no statement';
        const t = await interleave({ ours, raw }, { iterations: 200, rounds: 15 });
        rows.push(
          comparedRow(`1,000,000 mappings, ${figure} (${plan})`, t, {
            peer: 'of 10,000',
            max: 1.3,
          }),
        );
      }
      return rows;
    } finally {
      await fixture.stop();
    }
  },
};
