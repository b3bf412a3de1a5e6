import type { Bench, Row } from '../bench.js';
import { comparedRow } from '../compared-row.js';
import { interleave } from '../interleave.js';
import { startPostgresFixture, type PostgresFixture } from './postgres-fixture.js';

const ROWS = 1_000;
const ids = Array.from({ length: ROWS }, (_, index) => `record-${index}`);

const UPSERT = `INSERT INTO mappings
  (tenant_id, installation_id, kind, updated_at, source_id, target_id, hash, state)
  SELECT $1, $2, $3, $4, s, t, h, j::jsonb
  FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS given (s, t, h, j)
  ON CONFLICT (installation_id, kind, source_id) DO UPDATE
  SET target_id = excluded.target_id, hash = excluded.hash, state = excluded.state,
    updated_at = excluded.updated_at`;

const stateOf = (index: number) => ({ index, name: `Record ${index}`, tags: ['a', 'b'] });

function upserts({ persistence, pool, tenantId, installationId }: PostgresFixture) {
  const scope = { tenantId, installationId, kind: 'ours' };
  const row = (sourceId: string, index: number) => ({
    sourceId,
    targetId: `target-${index}`,
    hash: `hash-${index}`,
    state: stateOf(index),
  });
  return {
    ours: () => persistence.mappings.upsertMany(scope, ids.map(row), new Date()),
    raw: () =>
      pool.query({
        name: 'raw.upsert',
        text: UPSERT,
        values: [
          tenantId,
          installationId,
          'raw',
          new Date(),
          ids,
          ids.map((_, index) => `target-${index}`),
          ids.map((_, index) => `hash-${index}`),
          ids.map((_, index) => JSON.stringify(stateOf(index))),
        ],
      }),
  };
}

function lookups({ persistence, pool, tenantId, installationId }: PostgresFixture) {
  const scope = { tenantId, installationId, kind: 'ours' };
  return {
    ours: () => persistence.mappings.findMany(scope, ids),
    raw: () =>
      pool.query({
        name: 'raw.lookup',
        text: 'SELECT * FROM mappings WHERE installation_id = $1 AND kind = $2 AND source_id = ANY ($3::varchar[])',
        values: [installationId, 'ours', ids],
      }),
  };
}

export const bench: Bench = {
  name: 'persistence-bulk',
  title: '1,000 mappings in one statement, against hand-written unnest',
  bar: '≤ 1.2× hand-written SQL',
  async run() {
    const fixture = await startPostgresFixture();
    try {
      const rows: Row[] = [];
      const figures = { upsert: upserts(fixture), 'read by id': lookups(fixture) };
      for (const [figure, pair] of Object.entries(figures)) {
        const t = await interleave(pair, { iterations: 12 });
        rows.push(comparedRow(`1,000 mappings: ${figure}`, t, { peer: 'pg + unnest', max: 1.2 }));
      }
      return rows;
    } finally {
      await fixture.stop();
    }
  },
};
