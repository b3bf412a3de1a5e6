import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { createPostgresqlPersistence } from '@tenon/persistence-postgresql';
import type { PostgresqlPersistence } from '@tenon/persistence-postgresql';
import type { MoveOrder } from './data-move.js';

const BATCH_ROWS = 2_000;

interface RawRow {
  readonly tenant_id: string;
  readonly installation_id: string;
  readonly kind: string;
  readonly source_id: string;
  readonly target_id: string;
  readonly hash: string;
  readonly state: unknown;
  readonly updated_at: string;
}

type Pool = Awaited<ReturnType<PostgresqlPersistence['pool']>>;

/** The driver itself. */
async function connected<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
  const persistence = createPostgresqlPersistence({ connectionString: url, encryptor });
  try {
    return await work(await persistence.pool());
  } finally {
    await persistence.close();
  }
}

/** JSON that the database makes, through a cursor in the order of the key; no checksums. */
export function rawExport({ databaseUrl, file, tenantId }: MoveOrder): Promise<number> {
  return connected(databaseUrl, async (pool) => {
    const client = await pool.connect();
    const out = await open(file, 'w');
    await client.query('SET statement_timeout = 0');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(
      `DECLARE raw CURSOR FOR SELECT row_to_json(m)::text AS line FROM mappings m
       WHERE tenant_id = $1 ORDER BY installation_id, kind COLLATE "C", source_id COLLATE "C"`,
      [tenantId],
    );
    let total = 0;
    for (;;) {
      const { rows } = await client.query<{ line: string }>(`FETCH ${BATCH_ROWS} FROM raw`);
      if (rows.length === 0) break;
      total += rows.length;
      await out.write(`${rows.map(({ line }) => line).join('\n')}\n`);
    }
    await out.close();
    client.release(true);
    return total;
  });
}

const INSERT = `INSERT INTO mappings
  (tenant_id, installation_id, kind, source_id, target_id, hash, state, updated_at)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::jsonb[], $8::timestamptz[])
  ON CONFLICT (installation_id, kind, source_id) DO NOTHING`;

function columnsOf(rows: readonly RawRow[]): unknown[] {
  return [
    rows.map((row) => row.tenant_id),
    rows.map((row) => row.installation_id),
    rows.map((row) => row.kind),
    rows.map((row) => row.source_id),
    rows.map((row) => row.target_id),
    rows.map((row) => row.hash),
    rows.map((row) => JSON.stringify(row.state)),
    rows.map((row) => row.updated_at),
  ];
}

/** Lines parsed and inserted with `unnest`, one statement after another; nothing is compared. */
export function rawImport({ databaseUrl, file }: MoveOrder): Promise<number> {
  return connected(databaseUrl, async (pool) => {
    const client = await pool.connect();
    let batch: RawRow[] = [];
    let total = 0;
    const flush = async (): Promise<void> => {
      await client.query({ name: 'insert', text: INSERT, values: columnsOf(batch) });
      total += batch.length;
      batch = [];
    };
    for await (const line of createInterface({ input: createReadStream(file) })) {
      batch.push(JSON.parse(line) as RawRow);
      if (batch.length === BATCH_ROWS) await flush();
    }
    if (batch.length > 0) await flush();
    client.release();
    return total;
  });
}
