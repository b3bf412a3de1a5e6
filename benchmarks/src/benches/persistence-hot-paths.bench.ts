import { randomUUID } from 'node:crypto';
import type { Bench, Row } from '../bench.js';
import { comparedRow } from '../compared-row.js';
import { interleave, type Contender } from '../interleave.js';
import { startPostgresFixture, type PostgresFixture } from './postgres-fixture.js';

interface Pair {
  readonly ours: Contender;
  readonly raw: Contender;
}

/** The raw driver at its best: pool, and a statement that the server knows by name. */
function rawQuery({ pool }: PostgresFixture) {
  return (name: string, text: string, values: () => unknown[]) => () =>
    pool.query({ name: `raw.${name}`, text, values: values() });
}

function reads(fixture: PostgresFixture): Record<string, Pair> {
  const { persistence, encryptor, tenantId, tokenId, connectionId } = fixture;
  const raw = rawQuery(fixture);
  const readCredential = raw(
    'credential',
    'SELECT * FROM credentials WHERE connection_id = $1 AND tenant_id = $2',
    () => [connectionId, tenantId],
  );
  return {
    'token by id with owner': {
      ours: () => persistence.tokens.findWithOwner(tokenId),
      raw: raw(
        'token',
        `SELECT t.*, u.kind, u.status, n.status AS tenant_status FROM tokens t
         JOIN users u ON u.id = t.user_id JOIN tenants n ON n.id = t.tenant_id WHERE t.id = $1`,
        () => [tokenId],
      ),
    },
    'connection by id': {
      ours: () => persistence.connections.find(tenantId, connectionId),
      raw: raw('connection', 'SELECT * FROM connections WHERE tenant_id = $1 AND id = $2', () => [
        tenantId,
        connectionId,
      ]),
    },
    'credential by connection, decrypted': {
      ours: () => persistence.credentials.findByConnection(tenantId, connectionId),
      raw: async () => {
        const { rows } = await readCredential();
        const { id, material } = rows[0] as { id: string; material: string };
        const context = { tenantId, table: 'credentials', column: 'material', rowId: id };
        return JSON.parse(await encryptor.decrypt(material, context)) as unknown;
      },
    },
  };
}

function writes(fixture: PostgresFixture): Record<string, Pair> {
  const { persistence, tenantId, installationId, runId } = fixture;
  const raw = rawQuery(fixture);
  const key = `bench-${randomUUID()}`;
  const until = new Date(Date.now() + 60_000);
  return {
    'lease acquire': {
      ours: () =>
        persistence.leases.acquire({ key, owner: 'ours', ttlMs: 60_000, now: new Date() }),
      raw: raw(
        'lease',
        `INSERT INTO leases (key, owner, fence, expires_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (key) DO UPDATE SET owner = $2, fence = leases.fence + 1, expires_at = $3
         WHERE leases.expires_at <= $4 OR leases.owner = $2 RETURNING *`,
        () => [`raw-${key}`, 'raw', until, new Date()],
      ),
    },
    'inbox claim of a new key': {
      ours: () =>
        persistence.inbox.claim({
          tenantId,
          installationId,
          key: randomUUID(),
          owner: 'ours',
          leaseMs: 60_000,
          now: new Date(),
        }),
      raw: raw(
        'inbox',
        `INSERT INTO inbox (tenant_id, installation_id, key, owner, lease_until, attempts)
         VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (tenant_id, key) DO UPDATE
         SET owner = $4, lease_until = $5, attempts = inbox.attempts + 1
         WHERE inbox.keep_until IS NULL AND inbox.lease_until <= $6 RETURNING attempts`,
        () => [tenantId, installationId, randomUUID(), 'raw', until, new Date()],
      ),
    },
    'run progress': {
      ours: () =>
        persistence.runs.advance(tenantId, runId, {
          progress: { processed: 1, succeeded: 1 },
          at: new Date(),
        }),
      raw: raw(
        'run',
        `UPDATE runs SET processed = processed + $3, succeeded = succeeded + $4, updated_at = $5,
         pending_jobs = pending_jobs + $6::int, dead_jobs = dead_jobs + $7::int, version = version + 1,
         started_at = coalesce(started_at, $5),
         state = CASE WHEN state NOT IN ('queued', 'running') THEN state
           WHEN pending_jobs + $6::int > 0 THEN 'running'
           WHEN dead_jobs + $7::int > 0 THEN 'failed' ELSE 'succeeded' END,
         finished_at = CASE WHEN pending_jobs + $6::int <= 0 THEN $5 ELSE finished_at END
         WHERE id = $1 AND tenant_id = $2 RETURNING *`,
        () => [runId, tenantId, 1, 1, new Date(), 0, 0],
      ),
    },
  };
}

const atOnce = (contender: Contender, count: number) => () =>
  Promise.all(Array.from({ length: count }, () => contender()));

/** All of them by turns. */
function mix(pairs: readonly Pair[]): Pair {
  const turns = (contenders: readonly Contender[]): Contender => {
    let call = 0;
    return () => contenders[(call += 1) % contenders.length]?.();
  };
  return { ours: turns(pairs.map(({ ours }) => ours)), raw: turns(pairs.map(({ raw }) => raw)) };
}

async function compare(
  figure: string,
  pair: Pair,
  { max, iterations }: { readonly max: number; readonly iterations: number },
): Promise<Row> {
  const t = await interleave({ ours: pair.ours, raw: pair.raw }, { iterations });
  return comparedRow(figure, t, { peer: 'pg', max });
}

export const bench: Bench = {
  name: 'persistence-hot-paths',
  title: 'single rows on PostgreSQL, against the raw driver with named statements',
  bar: '≤ 1.3× pg; at concurrency 32 ≥ 0.8× its throughput',
  async run() {
    const fixture = await startPostgresFixture();
    try {
      const pairs = Object.entries({ ...reads(fixture), ...writes(fixture) });
      const rows: Row[] = [];
      for (const [figure, pair] of pairs) {
        rows.push(await compare(figure, pair, { max: 1.3, iterations: 400 }));
      }
      const mixed = ['each in turn', mix(pairs.map(([, pair]) => pair))] as const;
      for (const [figure, { ours, raw }] of [...pairs.slice(0, 1), mixed]) {
        const parallel = { ours: atOnce(ours, 32), raw: atOnce(raw, 32) };
        rows.push(await compare(`${figure}, 32 at once`, parallel, { max: 1.25, iterations: 60 }));
      }
      return rows;
    } finally {
      await fixture.stop();
    }
  },
};
