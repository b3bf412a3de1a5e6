import type { Pool } from 'pg';
import type { Persistence, PersistenceCapabilities, Repositories } from '@tenon/core';
import { PostgresqlTenantArchive } from './archive.js';
import type { BaseSession } from './base-session.js';
import { poolOpener, watchPool } from './create-pool.js';
import { schemaMissingError } from './database.errors.js';
import { inspectDatabase, type DatabaseInspection } from './inspect/inspect-database.js';
import { validate, type PostgresqlPersistenceOptions } from './options.js';
import { PoolSession } from './pool-session.js';
import { repositoriesOn } from './repositories.js';
import { checkRowSecurity } from './row-security/row-security.errors.js';
import {
  disableRowLevelSecurity,
  enableRowLevelSecurity,
  rowSecurityStatus,
  type RowLevelSecurityOptions,
  type RowSecurityStatus,
} from './row-security/row-security.js';
import { SYSTEM } from './row-security/scope.js';
import { scopedRepositories } from './row-security/scoped-repositories.js';
import { PostgresqlSecretFields } from './secret-fields.js';
import { runTransaction } from './transaction.js';
import { deploy, migrationStatus, reset, type MigrationStatus } from './migrate/migrate.js';

/** A {@link Persistence} on PostgreSQL, with what operators need beside it. */
export interface PostgresqlPersistence extends Persistence {
  /** The pool below, for reads of your own. Made, and its driver loaded, on first use. */
  pool(): Promise<Pool>;
  /**
   * Applies the migrations of this version that the database does not have. Any number of processes may call it at once.
   * @throws TenonError `MIGRATION_FAILED`, `MIGRATION_EDITED`, `MIGRATION_UNKNOWN`.
   */
  migrate(): Promise<readonly string[]>;
  /**
   * Drops Tenon's tables with all that they hold, and applies the migrations anew.
   * @throws what `migrate` throws.
   */
  reset(): Promise<readonly string[]>;
  /**
   * Gives every table of tenants that has none row-level security, as the owner of the tables. Run it after migrations.
   * @returns names of the tables that this call covered.
   */
  enableRowLevelSecurity(options?: RowLevelSecurityOptions): Promise<readonly string[]>;
  /** Takes row-level security away again. */
  disableRowLevelSecurity(): Promise<void>;
  /** Looks at server, schema, indexes, row-level security and connections. Changes nothing. */
  inspect(): Promise<DatabaseInspection>;
  /** Which tables have row-level security, and whether it holds for this user. */
  rowSecurityStatus(): Promise<RowSecurityStatus>;
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
  const { rowLevelSecurity } = valid;
  const repositories = (on: BaseSession): Repositories =>
    rowLevelSecurity
      ? scopedRepositories(on, (each) => repositoriesOn(each, encryptor))
      : repositoriesOn(on, encryptor);
  // For work on the rows of all tenants.
  const system: BaseSession = rowLevelSecurity ? session.within(SYSTEM) : session;
  return {
    ...repositories(session),
    capabilities: CAPABILITIES,
    archive: new PostgresqlTenantArchive({ pool: session, rows: system }, encryptor),
    secretFields: new PostgresqlSecretFields(system, encryptor),
    pool: () => session.pool(),
    transaction: <T>(work: (repositories: Repositories) => Promise<T>) =>
      runTransaction(session, valid, (inside) => work(repositories(inside))),
    ping,
    async prepare() {
      const { pending } = await migrationStatus(await session.pool());
      if (pending.length > 0) throw schemaMissingError(`${pending.length} migrations are pending`);
      checkRowSecurity(await rowSecurityStatus(await session.pool()), rowLevelSecurity);
    },
    migrate: async () => deploy(await session.pool()),
    reset: async () => reset(await session.pool()),
    inspect: async () => inspectDatabase(await session.pool()),
    enableRowLevelSecurity: async (more) => enableRowLevelSecurity(await session.pool(), more),
    disableRowLevelSecurity: async () => disableRowLevelSecurity(await session.pool()),
    rowSecurityStatus: async () => rowSecurityStatus(await session.pool()),
    migrationStatus: async () => migrationStatus(await session.pool()),
    async close() {
      await session.close(given === undefined);
    },
  };
}
