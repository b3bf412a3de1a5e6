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

interface Wire {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** The protocol of `COPY`, which the driver leaves to its caller. */
class Copy {
  callback: (error: Error | null) => void = () => undefined;

  constructor(private readonly body: string) {}

  submit(connection: { query(text: string): void }): void {
    connection.query('COPY mappings FROM STDIN');
  }

  handleCopyInResponse(connection: Wire): void {
    connection.sendCopyFromChunk(Buffer.from(this.body));
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {
    // The end of the query follows.
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\');

/** These texts hold nothing else that needs an escape. */
function copied(row: RawRow): string {
  const key = `${row.tenant_id}\t${row.installation_id}\t${row.kind}\t${escaped(row.source_id)}`;
  const state = escaped(JSON.stringify(row.state));
  return `${key}\t${escaped(row.target_id)}\t${row.hash}\t${state}\t${row.updated_at}\n`;
}

/** Lines parsed and copied, one batch after another; nothing is compared. */
export function rawImport({ databaseUrl, file }: MoveOrder): Promise<number> {
  return connected(databaseUrl, async (pool) => {
    const client = await pool.connect();
    let batch: string[] = [];
    let total = 0;
    const flush = async (): Promise<void> => {
      const copy = new Copy(batch.join(''));
      await new Promise<void>((resolve, reject) => {
        copy.callback = (error) => {
          if (error) reject(error);
          else resolve();
        };
        client.query(copy);
      });
      total += batch.length;
      batch = [];
    };
    for await (const line of createInterface({ input: createReadStream(file) })) {
      batch.push(copied(JSON.parse(line) as RawRow));
      if (batch.length === BATCH_ROWS) await flush();
    }
    if (batch.length > 0) await flush();
    client.release();
    return total;
  });
}
