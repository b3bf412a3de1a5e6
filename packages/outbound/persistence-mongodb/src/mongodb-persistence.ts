import type { Db } from 'mongodb';
import type { Persistence, PersistenceCapabilities, Repositories } from '@tenon/core';
import { MongodbTenantArchive } from './archive.js';
import { BaseSession } from './base-session.js';
import { Connection } from './connection.js';
import { inspectDatabase, type MongodbInspection } from './inspect-database.js';
import {
  deploy,
  ensureSchema,
  migrationStatus,
  reset,
  type MigrationStatus,
} from './migrate/migrate.js';
import { validate, type MongodbPersistenceOptions } from './options.js';
import { repositoriesOn } from './repositories.js';
import { MongodbSecretFields } from './secret-fields.js';

/** A {@link Persistence} on MongoDB, with what operators need beside it. */
export interface MongodbPersistence extends Persistence {
  /** The database below, for reads of your own. Connects, and loads the driver, on first use. */
  database(): Promise<Db>;
  /**
   * Makes the indexes of this version that the database does not have. Any number of processes may call it at once.
   * @throws TenonError `MIGRATION_FAILED`, `MIGRATION_EDITED`.
   */
  migrate(): Promise<readonly string[]>;
  /**
   * Drops Tenon's collections with all that they hold, and makes the indexes anew.
   * @throws what `migrate` throws.
   */
  reset(): Promise<readonly string[]>;
  /** Looks at server, indexes and connections. Changes nothing. */
  inspect(): Promise<MongodbInspection>;
  /** Which indexes are there, missing or different. */
  migrationStatus(): Promise<MigrationStatus>;
}

/**
 * Keeps everything in MongoDB (5.0 or later). Nothing connects before the first use; `prepare()` checks early. Transactions
 * need a replica set or a sharded cluster; a server on its own undoes failed work instead, see `capabilities.transactions`.
 * @throws MisconfiguredError for options that are unknown, missing or out of bounds.
 */
export function createMongodbPersistence(options: MongodbPersistenceOptions): MongodbPersistence {
  const valid = validate(options);
  const { encryptor } = valid;
  const connection = new Connection(valid);
  const session = new BaseSession(connection);
  const capabilities: PersistenceCapabilities = {
    durable: true,
    shared: true,
    get transactions() {
      return connection.known?.transactions ?? false;
    },
  };
  const onDatabase = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    try {
      return await work(await connection.db());
    } catch (error) {
      throw connection.translate(error);
    }
  };
  const ping = async (): Promise<void> => {
    await onDatabase((db) => db.command({ ping: 1 }));
  };
  return {
    ...repositoriesOn(session, encryptor),
    secretFields: new MongodbSecretFields(session, encryptor),
    archive: new MongodbTenantArchive(session, encryptor),
    capabilities,
    database: () => connection.db(),
    async transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
      return session.wholly((inside) => work(repositoriesOn(inside, encryptor)));
    },
    ping,
    async prepare() {
      await connection.deployment();
      await onDatabase(ensureSchema);
    },
    migrate: () => onDatabase((db) => deploy(db)),
    reset: () => onDatabase((db) => reset(db)),
    inspect: () => onDatabase(() => inspectDatabase(connection)),
    migrationStatus: () => onDatabase((db) => migrationStatus(db)),
    close: () => connection.close(),
  };
}
