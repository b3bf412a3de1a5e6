import { MisconfiguredError } from '@tenon/core';
import type { Encryptor, Environment, MigrationState } from '@tenon/core';
import type { PostgresqlPersistence } from '@tenon/persistence-postgresql';
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
    poolSize: 1,
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
