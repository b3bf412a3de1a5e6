import { MisconfiguredError } from '@tenon/core';
import type { Encryptor, Logger, Persistence } from '@tenon/core';
import type { MongodbPersistence } from '@tenon/persistence-mongodb';
import type { PostgresqlPersistence } from '@tenon/persistence-postgresql';
import type { ParsedEnvironment } from './environment.js';

/** What became of migrations, or of indexes, by name. */
export interface SchemaStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  readonly failed: readonly string[];
  readonly edited: readonly string[];
  readonly unknown: readonly string[];
}

/** A persistence whose schema can be brought up to date. */
export interface Database extends Persistence {
  migrate(): Promise<readonly string[]>;
  reset(): Promise<readonly string[]>;
  migrationStatus(): Promise<SchemaStatus>;
}

interface DatabaseOptions {
  readonly encryptor: Encryptor;
  readonly logger?: Logger;
  readonly poolSize?: number;
}

/** What the environment says of the database. */
type Named = Pick<ParsedEnvironment, 'DATABASE_URL'> &
  Partial<Pick<ParsedEnvironment, 'TENON_DATABASE_RLS'>>;

const MONGODB = /^mongodb(\+srv)?:/;

/** Whether `DATABASE_URL` names a MongoDB; its scheme tells. */
export function isMongodb({ DATABASE_URL: url = '' }: Named): boolean {
  return MONGODB.test(url);
}

function addressOf({ DATABASE_URL: url }: Named): string {
  if (url !== undefined) return url;
  throw new MisconfiguredError(
    'DATABASE_URL is not set; set it to postgresql://user:password@host:5432/database, or to mongodb://…',
  );
}

/** @throws MisconfiguredError when `DATABASE_URL` is not set or names a MongoDB. */
export async function openPostgresql(
  environment: Named,
  options: DatabaseOptions,
): Promise<PostgresqlPersistence> {
  if (isMongodb(environment)) {
    throw new MisconfiguredError('This is for PostgreSQL alone, and DATABASE_URL names a MongoDB');
  }
  const connectionString = addressOf(environment);
  const rowLevelSecurity = environment.TENON_DATABASE_RLS ?? false;
  const { createPostgresqlPersistence } = await import('@tenon/persistence-postgresql');
  return createPostgresqlPersistence({ connectionString, rowLevelSecurity, ...options });
}

/** The adapter is an optional peer: apps on PostgreSQL need not install it. */
async function loadMongodb() {
  try {
    return await import('@tenon/persistence-mongodb');
  } catch (cause) {
    const error = new MisconfiguredError(
      'DATABASE_URL names a MongoDB; install what it needs: npm install @tenon/persistence-mongodb mongodb',
    );
    error.cause = cause;
    throw error;
  }
}

/** @throws MisconfiguredError when the adapter is not installed, or row-level security is asked for. */
export async function openMongodb(
  environment: Named,
  options: DatabaseOptions,
): Promise<MongodbPersistence> {
  if (environment.TENON_DATABASE_RLS) {
    throw new MisconfiguredError(
      'TENON_DATABASE_RLS is for PostgreSQL, and DATABASE_URL names a MongoDB: unset it',
    );
  }
  const { createMongodbPersistence } = await loadMongodb();
  return createMongodbPersistence({ connectionString: addressOf(environment), ...options });
}

/**
 * Opens the database that `DATABASE_URL` names. Nothing connects yet.
 * @throws MisconfiguredError when it is not set, or when its adapter is not installed.
 */
export function openDatabase(environment: Named, options: DatabaseOptions): Promise<Database> {
  return isMongodb(environment)
    ? openMongodb(environment, options)
    : openPostgresql(environment, options);
}
