import type { Pool } from 'pg';
import type { Persistence, PersistenceCapabilities, Repositories } from '@tenon/core';
import { PostgresqlTenantArchive } from './archive.js';
import { poolOpener, watchPool } from './create-pool.js';
import { schemaMissingError } from './database.errors.js';
import { validate, type PostgresqlPersistenceOptions } from './options.js';
import { PoolSession } from './pool-session.js';
import { repositoriesOn } from './repositories.js';
import { PostgresqlSecretFields } from './secret-fields.js';
import { runTransaction } from './transaction.js';
import { deploy, migrationStatus, type MigrationStatus } from './migrate/migrate.js';

/** A {@link Persistence} on PostgreSQL, with what operators need beside it. */
export interface PostgresqlPersistence extends Persistence {
  /** The pool below, for reads of your own. Made, and its driver loaded, on first use. */
  pool(): Promise<Pool>;
  /**
   * Applies the migrations of this version that the database does not have. Any number of processes may call it at once.
   * @throws TenonError `MIGRATION_FAILED`, `MIGRATION_EDITED`, `MIGRATION_UNKNOWN`.
   */
  migrate(): Promise<readonly string[]>;
  /** Which migrations are applied, pending, failed or edited. */
  migrationStatus(): Promise<MigrationStatus>;
}

const CAPABILITIES: PersistenceCapabilities = { durable: true, shared: true, transactions: true };

const PING = { text: 'SELECT 1' };

/**
 * Keeps everything in PostgreSQL (15 or later). Nothing connects before the first use; `prepare()` checks early.
 * @throws MisconfiguredError for options that are unknown, missing or out of bounds.
 */
export function createPostgresqlPersistence(
  options: PostgresqlPersistenceOptions,
): PostgresqlPersistence {
  const valid = validate(options);
  const { encryptor, logger } = valid;
  const { pool: given } = valid;
  if (given) watchPool(given, logger);
  const session = new PoolSession(given ? () => Promise.resolve(given) : poolOpener(valid), valid);
  const ping = async (): Promise<void> => {
    await session.send(PING);
  };
  return {
    ...repositoriesOn(session, encryptor),
    capabilities: CAPABILITIES,
    secretFields: new PostgresqlSecretFields(session, encryptor),
    archive: new PostgresqlTenantArchive(session, encryptor),
    pool: () => session.pool(),
    transaction: <T>(work: (repositories: Repositories) => Promise<T>) =>
      runTransaction(session, valid, (inside) => work(repositoriesOn(inside, encryptor))),
    ping,
    async prepare() {
      const { pending } = await migrationStatus(await session.pool());
      if (pending.length > 0) throw schemaMissingError(`${pending.length} migrations are pending`);
    },
    migrate: async () => deploy(await session.pool()),
    migrationStatus: async () => migrationStatus(await session.pool()),
    async close() {
      await session.close(given === undefined);
    },
  };
}
