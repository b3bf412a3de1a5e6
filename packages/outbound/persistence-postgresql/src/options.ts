import type pg from 'pg';
import { MisconfiguredError, validateOptions, type Encryptor, type Logger } from '@tenon/core';

/** Options of `createPostgresqlPersistence`. Either `connectionString` or `pool` is needed. */
export interface PostgresqlPersistenceOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly connectionString?: string;
  /**
   * A `pg` pool of your own, instead of `connectionString`; `close()` leaves it open. Its sessions must use the time zone
   * UTC (`options: '-c TimeZone=UTC'`) and should have time-outs: the options below do not apply to it.
   */
  readonly pool?: pg.Pool;
  /** Encrypts credentials and other secret fields. */
  readonly encryptor: Encryptor;
  /** The most connections at once. 1 or 2 in a Lambda function. Default 10. */
  readonly poolSize?: number;
  /** The server ends a statement after this time, in milliseconds. Default 15000. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection, new or from the pool, in milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
  /** The server ends a transaction in which nothing happens for this time, in milliseconds. Default 30000. */
  readonly idleTransactionTimeoutMs?: number;
  /** How often a transaction is repeated after a serialisation failure or deadlock. Default 5. */
  readonly transactionRetries?: number;
  /** Named prepared statements on hot paths. Turn off behind a pooler that does not support them. Default true. */
  readonly preparedStatements?: boolean;
  /**
   * Sets the tenant for each statement, as the policies of `tenon migrate deploy --rls` ask; the user of the database must not
   * own the tables. Costs no round trip with prepared statements, three without. Default false.
   */
  readonly rowLevelSecurity?: boolean;
  readonly logger?: Logger;
}

/** Options with all defaults filled in. */
export type ValidOptions = PostgresqlPersistenceOptions &
  Required<Pick<PostgresqlPersistenceOptions, keyof typeof DEFAULTS>>;

const DEFAULTS = {
  poolSize: 10,
  statementTimeoutMs: 15_000,
  connectTimeoutMs: 5_000,
  idleTransactionTimeoutMs: 30_000,
  transactionRetries: 5,
  preparedStatements: true,
  rowLevelSecurity: false,
};

const MINIMUM = {
  poolSize: 1,
  statementTimeoutMs: 1,
  connectTimeoutMs: 1,
  idleTransactionTimeoutMs: 1,
  transactionRetries: 0,
} as const;

const OWNER = 'createPostgresqlPersistence';

/** @throws MisconfiguredError naming the option that is unknown, missing or out of bounds. */
export function validate(options: PostgresqlPersistenceOptions): ValidOptions {
  const valid = validateOptions<PostgresqlPersistenceOptions>(OWNER, options, {
    required: ['encryptor'],
    defaults: DEFAULTS,
    optional: ['connectionString', 'pool', 'logger'],
  }) as ValidOptions;
  if ((valid.connectionString === undefined) === (valid.pool === undefined)) {
    throw new MisconfiguredError(`${OWNER}: give either 'connectionString' or 'pool'`, {
      owner: OWNER,
      option: 'connectionString',
    });
  }
  for (const [option, minimum] of Object.entries(MINIMUM)) {
    const value = valid[option as keyof typeof MINIMUM];
    if (Number.isInteger(value) && value >= minimum) continue;
    throw new MisconfiguredError(`${OWNER}: '${option}' is a whole number from ${minimum}`, {
      owner: OWNER,
      option,
    });
  }
  return valid;
}
