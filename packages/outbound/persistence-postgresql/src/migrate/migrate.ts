import type { ClientBase, Pool } from 'pg';
import { translateError } from '../database.errors.js';
import { migrations as shipped } from '../generated/migrations.js';
import {
  createHistory,
  forget,
  noteFailure,
  noteStart,
  noteSuccess,
  readHistory,
  type HistoryRow,
} from './history.js';
import { checksumOf, type Migration } from './migration.js';
import { inTransaction, withMigrator } from './migrator.js';
import { allTables } from '../row-security/policies.js';
import { migrationEdited, migrationFailed, migrationUnknown } from './migration.errors.js';

/** Names of migrations by what became of them. */
export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Begun and not finished; nothing of them was kept. */
  readonly failed: readonly string[];
  /** Applied in another wording. */
  readonly edited: readonly string[];
  /** In the database only: it is ahead of this version. */
  readonly unknown: readonly string[];
}

function statusOf(
  history: readonly HistoryRow[],
  migrations: readonly Migration[],
): MigrationStatus {
  const finished = new Map(
    history.filter((row) => row.finishedAt).map((row) => [row.name, row.checksum]),
  );
  const names = new Set(migrations.map(({ name }) => name));
  const nameOf = ({ name }: { readonly name: string }): string => name;
  return {
    applied: migrations.filter(({ name }) => finished.has(name)).map(nameOf),
    pending: migrations.filter(({ name }) => !finished.has(name)).map(nameOf),
    failed: history.filter(({ finishedAt }) => finishedAt === null).map(nameOf),
    edited: migrations
      .filter((each) => (finished.get(each.name) ?? checksumOf(each)) !== checksumOf(each))
      .map(nameOf),
    unknown: [...finished.keys()].filter((name) => !names.has(name)),
  };
}

/** Which migrations the database has. Changes nothing. @throws TenonError `DATABASE_UNAVAILABLE`. */
export async function migrationStatus(
  pool: Pool,
  migrations: readonly Migration[] = shipped,
): Promise<MigrationStatus> {
  try {
    return statusOf(await readHistory(pool), migrations);
  } catch (error) {
    throw translateError(error);
  }
}

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  const id = await noteStart(client, migration);
  try {
    // Without parameters: the whole script goes in one message and is one transaction.
    await client.query(migration.sql);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    await noteFailure(client, id, reason);
    throw migrationFailed(migration.name, reason, error);
  }
  await noteSuccess(client, id);
}

async function applyPending(
  client: ClientBase,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await createHistory(client);
  const history = await readHistory(client);
  const { failed, edited, unknown, pending } = statusOf(history, migrations);
  const [failedBefore] = failed;
  if (failedBefore !== undefined) {
    const logs = history.find(({ name }) => name === failedBefore)?.logs;
    throw migrationFailed(failedBefore, logs ?? 'it was cut short in an earlier run');
  }
  if (edited[0] !== undefined) throw migrationEdited(edited[0]);
  if (unknown[0] !== undefined) throw migrationUnknown(unknown[0]);
  for (const migration of migrations) {
    if (pending.includes(migration.name)) await apply(client, migration);
  }
  return pending;
}

/**
 * Does what `prisma migrate deploy` does, with the same table, checksums and lock, and without an engine to download.
 * Any number of processes may call it at once: one works, the others wait and find everything done.
 * @returns names of the migrations that this call applied.
 * @throws TenonError `MIGRATION_FAILED`, `MIGRATION_EDITED`, `MIGRATION_UNKNOWN`, `DATABASE_UNAVAILABLE`.
 */
export async function deploy(
  pool: Pool,
  migrations: readonly Migration[] = shipped,
): Promise<readonly string[]> {
  return withMigrator(pool, (client) => applyPending(client, migrations));
}

/** Functions of triggers, which the migrations make beside the tables. */
const FUNCTIONS = `SELECT oid::regprocedure::text AS name FROM pg_proc
  WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'tenon\\_%'`;

async function dropEverything(client: ClientBase, migrations: readonly Migration[]): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${allTables.join(', ')}`);
  const { rows } = await client.query<{ name: string }>(FUNCTIONS);
  for (const { name } of rows) await client.query(`DROP FUNCTION ${name}`);
  await forget(client, migrations);
}

/**
 * Drops what the migrations made, with all data, and applies them anew. What others made in the same database stays.
 * One process at a time, as {@link deploy}; nothing is dropped when dropping fails half-way.
 * @returns names of the migrations that were applied.
 * @throws TenonError `MIGRATION_UNKNOWN` before anything is dropped; and what {@link deploy} throws.
 */
export async function reset(
  pool: Pool,
  migrations: readonly Migration[] = shipped,
): Promise<readonly string[]> {
  return withMigrator(pool, async (client) => {
    const [unknown] = statusOf(await readHistory(client), migrations).unknown;
    if (unknown !== undefined) throw migrationUnknown(unknown);
    await inTransaction(client, () => dropEverything(client, migrations));
    return applyPending(client, migrations);
  });
}
