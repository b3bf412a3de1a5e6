import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { checksumOf, type Migration } from './migration.js';

/** A row of Prisma's own table. */
export interface HistoryRow {
  readonly id: string;
  readonly name: string;
  readonly checksum: string;
  readonly finishedAt: Date | null;
  readonly rolledBackAt: Date | null;
  readonly logs: string | null;
}

/** As Prisma makes it. */
const CREATE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

const READ = `SELECT id, migration_name AS name, checksum, finished_at AS "finishedAt",
  rolled_back_at AS "rolledBackAt", logs FROM _prisma_migrations ORDER BY started_at`;

/** Makes the table unless it is there. */
export async function createHistory(client: ClientBase): Promise<void> {
  await client.query(CREATE);
}

const MISSING_TABLE = '42P01';

/** What was tried so far, rolled-back attempts left out. Empty when there is no table. */
export async function readHistory(connection: Pool | ClientBase): Promise<readonly HistoryRow[]> {
  try {
    const { rows } = await connection.query<HistoryRow>(READ);
    return rows.filter(({ rolledBackAt }) => rolledBackAt === null);
  } catch (error) {
    if ((error as { code?: unknown }).code === MISSING_TABLE) return [];
    throw error;
  }
}

/** Notes that a migration begins; answers the id of the note. */
export async function noteStart(client: ClientBase, migration: Migration): Promise<string> {
  const id = randomUUID();
  await client.query(
    'INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)',
    [id, checksumOf(migration), migration.name],
  );
  return id;
}

export async function noteSuccess(client: ClientBase, id: string): Promise<void> {
  await client.query(
    'UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1',
    [id],
  );
}

export async function noteFailure(client: ClientBase, id: string, logs: string): Promise<void> {
  await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, logs]);
}

/** Strikes migrations from the history; where nothing else is left, the history too. */
export async function forget(client: ClientBase, migrations: readonly Migration[]): Promise<void> {
  await createHistory(client);
  const names = migrations.map(({ name }) => name);
  await client.query('DELETE FROM _prisma_migrations WHERE migration_name = ANY ($1)', [names]);
  const { rowCount } = await client.query('SELECT 1 FROM _prisma_migrations LIMIT 1');
  if (rowCount === 0) await client.query('DROP TABLE _prisma_migrations');
}
