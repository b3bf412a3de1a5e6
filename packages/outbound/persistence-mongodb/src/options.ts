import type { MongoClient, MongoClientOptions } from 'mongodb';
import { MisconfiguredError, validateOptions, type Encryptor, type Logger } from '@tenon/core';

/** Options of `createMongodbPersistence`. Either `connectionString` or `client` is needed. */
export interface MongodbPersistenceOptions {
  /** `mongodb://user:password@host:port/database` or `mongodb+srv://…`. */
  readonly connectionString?: string;
  /** A client of your own, instead of `connectionString`; `close()` leaves it open. The time-outs below do not apply to it. */
  readonly client?: MongoClient;
  /** Name of the database. Default: the one in `connectionString`, else `tenon`. */
  readonly database?: string;
  /** Encrypts credentials and other secret fields. */
  readonly encryptor: Encryptor;
  /** The most connections at once, for each server of a replica set. 1 or 2 in a Lambda function. Default 10. */
  readonly poolSize?: number;
  /** The server ends a statement after this time, in milliseconds. Default 15000. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a server, for a new connection, or for a free one, in milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
  /** How often a transaction is repeated after it met another one. Default 12. */
  readonly transactionRetries?: number;
  /** More options for the driver, such as TLS and compression. The ones above win. */
  readonly driverOptions?: MongoClientOptions;
  readonly logger?: Logger;
}

/** Options with all defaults filled in. */
export type ValidOptions = MongodbPersistenceOptions &
  Required<Pick<MongodbPersistenceOptions, keyof typeof DEFAULTS>>;

const DEFAULTS = {
  poolSize: 10,
  statementTimeoutMs: 15_000,
  connectTimeoutMs: 5_000,
  transactionRetries: 12,
};

const MINIMUM = {
  poolSize: 1,
  statementTimeoutMs: 1,
  connectTimeoutMs: 1,
  transactionRetries: 0,
} as const;

const OWNER = 'createMongodbPersistence';

/** The database when neither option nor address names one. */
const DATABASE = 'tenon';

function refuse(option: string, message: string): never {
  throw new MisconfiguredError(`${OWNER}: ${message}`, { owner: OWNER, option });
}

/** @throws MisconfiguredError naming the option that is unknown, missing or out of bounds. */
export function validate(options: MongodbPersistenceOptions): ValidOptions {
  const valid = validateOptions<MongodbPersistenceOptions>(OWNER, options, {
    required: ['encryptor'],
    defaults: DEFAULTS,
    optional: ['connectionString', 'client', 'database', 'driverOptions', 'logger'],
  }) as ValidOptions;
  const { connectionString, client, database } = valid;
  if ((connectionString === undefined) === (client === undefined)) {
    refuse('connectionString', "give either 'connectionString' or 'client'");
  }
  // The address holds a password: it is not repeated.
  if (connectionString !== undefined && !/^mongodb(\+srv)?:\/\/[^/]/.test(connectionString)) {
    refuse(
      'connectionString',
      "'connectionString' is no address like mongodb://user:password@host:27017/database",
    );
  }
  if (database !== undefined && !/^[\w-]{1,63}$/.test(database)) {
    refuse('database', "'database' has 1 to 63 letters, digits, hyphens and underscores");
  }
  for (const [option, minimum] of Object.entries(MINIMUM)) {
    const value = valid[option as keyof typeof MINIMUM];
    if (Number.isInteger(value) && value >= minimum) continue;
    refuse(option, `'${option}' is a whole number from ${minimum}`);
  }
  return valid;
}

/** Name of the database in an address: what is between the hosts and the question mark. */
export function databaseOf({ database, connectionString = '' }: ValidOptions): string {
  if (database !== undefined) return database;
  const [, path = ''] = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(connectionString) ?? [];
  return path === '' ? DATABASE : decodeURIComponent(path);
}
