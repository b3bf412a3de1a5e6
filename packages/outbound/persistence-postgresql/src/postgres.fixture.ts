import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Encryptor } from '@tenon/core';
import { testEncryptor, type PersistenceSecondPath, type SecretCell } from '@tenon/testing';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
import {
  createPostgresqlPersistence,
  type PostgresqlPersistence,
} from './postgresql-persistence.js';
import type { PostgresqlPersistenceOptions } from './options.js';

let embedded: Promise<EmbeddedPostgres> | undefined;

/** The embedded server of this test file; it ends with the process of the tests. */
export function embeddedServer(): Promise<EmbeddedPostgres> {
  embedded ??= startEmbeddedPostgres();
  return embedded;
}

/** Servers that contracts run against: the embedded one, and those that the environment names. */
export const testServers: readonly { readonly name: string; url(): Promise<string> }[] = [
  { name: 'embedded', url: async () => (await embeddedServer()).databaseUrl },
  ...(process.env['TENON_TEST_POSTGRES_URLS'] ?? '')
    .split(',')
    .filter((url) => url !== '')
    .map((url) => ({ name: new URL(url).host, url: async () => url })),
];

/** Sends one statement on a connection of its own. */
export async function sql<Row extends object>(
  connectionString: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** A database of its own on a server; answers its address. */
export async function freshDatabase(serverUrl?: string): Promise<string> {
  const url = new URL(serverUrl ?? (await embeddedServer()).databaseUrl);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await sql(url.href, `CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  return url.href;
}

/** Persistence on a database, for as long as one test or file. */
export interface TestPersistence {
  readonly persistence: PostgresqlPersistence;
  readonly url: string;
}

/** Waits of tests that are about something else: on a busy machine twenty writers wait long for ten connections. */
const patient = { connectTimeoutMs: 60_000, statementTimeoutMs: 60_000 };

/** A persistence on a fresh, migrated database. The test closes it. */
export async function testPersistence(
  options: Partial<PostgresqlPersistenceOptions> & { readonly serverUrl?: string } = {},
): Promise<TestPersistence> {
  const { serverUrl, ...rest } = options;
  const url = await freshDatabase(serverUrl);
  const persistence = createPostgresqlPersistence({
    connectionString: url,
    encryptor: testEncryptor(),
    ...patient,
    ...rest,
  });
  await persistence.migrate();
  await persistence.prepare();
  return { persistence, url };
}

/** A database whose tables have row-level security, and the app's role, which owns nothing. */
export interface FencedDatabase {
  /** As the owner, whom policies do not hold. */
  readonly ownerUrl: string;
  /** As the role of the app. */
  readonly url: string;
  readonly role: string;
}

/** A fresh, migrated database with row-level security, and a role for the app. */
export async function fencedDatabase(serverUrl?: string): Promise<FencedDatabase> {
  const ownerUrl = await freshDatabase(serverUrl);
  const role = `app_${randomUUID().replaceAll('-', '')}`;
  await sql(ownerUrl, `CREATE ROLE ${role} LOGIN PASSWORD 'app'`);
  const owner = createPostgresqlPersistence({
    connectionString: ownerUrl,
    encryptor: testEncryptor(),
    ...patient,
  });
  await owner.migrate();
  await owner.enableRowLevelSecurity({ grantTo: role });
  await owner.close();
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = 'app';
  return { ownerUrl, url: url.href, role };
}

/** Another persistence on the same data. */
export function reopenWith(
  url: string,
  encryptor: Encryptor,
  options: Partial<PostgresqlPersistenceOptions> = {},
): PostgresqlPersistence {
  const connectionString = url;
  const defaults = { ...patient, poolSize: 2 };
  return createPostgresqlPersistence({ connectionString, encryptor, ...defaults, ...options });
}

const tablesOf = `SELECT table_name AS name FROM information_schema.tables
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`;

/** Reaches the rows through the raw driver. */
export function rawAccess(url: string): PersistenceSecondPath {
  const quote = pg.escapeIdentifier;
  return {
    async dump() {
      const parts: string[] = [];
      for (const { name } of await sql<{ name: string }>(url, tablesOf)) {
        const rows = await sql<{ row: string }>(
          url,
          `SELECT to_jsonb(t)::text AS row FROM ${quote(name)} AS t`,
        );
        parts.push(name, ...rows.map(({ row }) => row));
      }
      return parts.join('\n');
    },
    async readSecret({ table, column, rowId }: SecretCell) {
      const rows = await sql<{ value: string }>(
        url,
        `SELECT ${quote(column)} AS value FROM ${quote(table)} WHERE id = $1`,
        [rowId],
      );
      return rows[0]?.value ?? null;
    },
    async writeSecret({ table, column, rowId }: SecretCell, ciphertext) {
      const text = `UPDATE ${quote(table)} SET ${quote(column)} = $2 WHERE id = $1`;
      await sql(url, text, [rowId, ciphertext]);
    },
  };
}
