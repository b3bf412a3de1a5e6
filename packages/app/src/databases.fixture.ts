import { randomUUID } from 'node:crypto';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { Persistence } from '@tenon/core';
import { openDatabase } from './databases.js';

/** A database that a test of the whole app runs on. */
export interface TestDatabase {
  readonly name: string;
  /** A fresh one that is prepared; null: the one that the app of the test makes itself, in memory. */
  open(): Promise<Persistence | null>;
}

async function opened(url: string): Promise<Persistence> {
  const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
  const database = await openDatabase({ DATABASE_URL: url }, { encryptor, poolSize: 4 });
  await database.migrate();
  await database.prepare();
  return database;
}

async function openPostgres(): Promise<Persistence> {
  const server = await startEmbeddedPostgres();
  const database = await opened(server.databaseUrl);
  const close = async (): Promise<void> => {
    await database.close();
    await server.stop();
  };
  return { ...database, close };
}

function openMongodb(serverUrl: string): Promise<Persistence> {
  const url = new URL(serverUrl);
  url.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  return opened(url.href);
}

const { MONGODB_URI: mongodb } = process.env;

/** Memory, PostgreSQL, and MongoDB when `MONGODB_URI` names a server. */
export const testDatabases: readonly TestDatabase[] = [
  { name: 'memory', open: () => Promise.resolve(null) },
  { name: 'PostgreSQL', open: openPostgres },
  ...(mongodb ? [{ name: 'MongoDB', open: () => openMongodb(mongodb) }] : []),
];
