import { MisconfiguredError } from '@tenon/core';
import type { Encryptor, Environment, MigrationState } from '@tenon/core';
import type { DatabaseInspection, PostgresqlPersistence } from '@tenon/persistence-postgresql';
import { parseEnvironment } from './environment.js';

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

async function withDatabase<T>(
  environment: Environment,
  work: (database: PostgresqlPersistence) => Promise<T>,
  poolSize = 1,
): Promise<T> {
  const { DATABASE_URL: connectionString } = parseEnvironment(environment);
  if (connectionString === undefined) {
    throw new MisconfiguredError(
      'DATABASE_URL is not set; set it to postgresql://user:password@host:5432/database',
    );
  }
  const { createPostgresqlPersistence } = await import('@tenon/persistence-postgresql');
  const database = createPostgresqlPersistence({
    connectionString,
    encryptor: noEncryptor,
    poolSize,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Applies what is pending. @throws what `PostgresqlPersistence.migrate` throws. */
export function deployMigrations(environment: Environment): Promise<readonly string[]> {
  return withDatabase(environment, (database) => database.migrate());
}

/** Drops everything and applies all migrations. @throws what `PostgresqlPersistence.reset` throws. */
export function resetDatabase(environment: Environment): Promise<readonly string[]> {
  return withDatabase(environment, (database) => database.reset());
}

/** Covers what is not covered, when it is asked for. @throws what `PostgresqlPersistence.enableRowLevelSecurity` throws. */
export async function enableRowLevelSecurity(
  environment: Environment,
  { always, grantTo }: { readonly always: boolean; readonly grantTo: string | null },
): Promise<readonly string[] | null> {
  if (!always && !parseEnvironment(environment).TENON_DATABASE_RLS) return null;
  return withDatabase(environment, (database) =>
    database.enableRowLevelSecurity(grantTo === null ? {} : { grantTo }),
  );
}

/** Looks at the database, with a pool as the app would have it. @throws what `PostgresqlPersistence.inspect` throws. */
export function inspectDatabase(environment: Environment): Promise<DatabaseInspection> {
  const { TENON_DATABASE_POOL_SIZE: poolSize = 10 } = parseEnvironment(environment);
  return withDatabase(environment, (database) => database.inspect(), poolSize);
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
