import { MisconfiguredError } from '@tenon/core';
import type { Encryptor, Environment, MigrationState } from '@tenon/core';
import type { MongodbInspection } from '@tenon/persistence-mongodb';
import type { DatabaseInspection } from '@tenon/persistence-postgresql';
import { openDatabase, openMongodb, openPostgresql } from './databases.js';
import type { Database } from './databases.js';
import { parseEnvironment } from './environment.js';
import type { ParsedEnvironment } from './environment.js';

/** Migrations read and write no encrypted field, so that they need no key. */
const noEncryptor: Encryptor = {
  writingKeyId: 'none',
  readingKeyIds: [],
  encrypt: refuse,
  decrypt: refuse,
};

function refuse(): never {
  throw new MisconfiguredError('Migrations have no encryption key');
}

async function closing<T, Opened extends { close(): Promise<void> }>(
  database: Opened,
  work: (database: Opened) => Promise<T>,
): Promise<T> {
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function withDatabase<T>(
  environment: Environment,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const options = { encryptor: noEncryptor, poolSize: 1 };
  return closing(await openDatabase(parseEnvironment(environment), options), work);
}

/** Applies what is pending. @throws what `migrate` of the database throws. */
export function deployMigrations(environment: Environment): Promise<readonly string[]> {
  return withDatabase(environment, (database) => database.migrate());
}

/** Drops everything and applies all migrations. @throws what `reset` of the database throws. */
export function resetDatabase(environment: Environment): Promise<readonly string[]> {
  return withDatabase(environment, (database) => database.reset());
}

/** Covers what is not covered, when it is asked for. @throws what `PostgresqlPersistence.enableRowLevelSecurity` throws. */
export async function enableRowLevelSecurity(
  environment: Environment,
  { always, grantTo }: { readonly always: boolean; readonly grantTo: string | null },
): Promise<readonly string[] | null> {
  const parsed = parseEnvironment(environment);
  if (!always && !parsed.TENON_DATABASE_RLS) return null;
  const options = { encryptor: noEncryptor, poolSize: 1 };
  return closing(await openPostgresql(parsed, options), (database) =>
    database.enableRowLevelSecurity(grantTo === null ? {} : { grantTo }),
  );
}

function poolOf(parsed: ParsedEnvironment) {
  return { encryptor: noEncryptor, poolSize: parsed.TENON_DATABASE_POOL_SIZE ?? 10 };
}

/** Looks at PostgreSQL, with a pool as the app would have it. @throws what `PostgresqlPersistence.inspect` throws. */
export async function inspectPostgresql(parsed: ParsedEnvironment): Promise<DatabaseInspection> {
  return closing(await openPostgresql(parsed, poolOf(parsed)), (database) => database.inspect());
}

/** Looks at MongoDB, with a pool as the app would have it. @throws what `MongodbPersistence.inspect` throws. */
export async function inspectMongodb(parsed: ParsedEnvironment): Promise<MongodbInspection> {
  return closing(await openMongodb(parsed, poolOf(parsed)), (database) => database.inspect());
}

/** What became of each migration. */
export function migrationStates(environment: Environment): Promise<readonly MigrationState[]> {
  return withDatabase(environment, async (database) => {
    const status = await database.migrationStatus();
    const named = (names: readonly string[], state: MigrationState['state']): MigrationState[] =>
      names.map((name) => ({ name, state, appliedAt: null }));
    return [
      ...named(
        status.applied.filter((name) => !status.edited.includes(name)),
        'applied',
      ),
      ...named(status.edited, 'edited'),
      ...named(status.failed, 'failed'),
      ...named(
        status.pending.filter((name) => !status.failed.includes(name)),
        'pending',
      ),
      ...named(status.unknown, 'unknown'),
    ];
  });
}
