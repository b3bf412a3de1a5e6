import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { columnName, MAX_USAGE_COUNT, type Encryptor } from '@tenon/core';
import { testEncryptor, type PersistenceSecondPath, type SecretCell } from '@tenon/testing';
import { createMongodbPersistence, type MongodbPersistence } from './mongodb-persistence.js';
import type { MongodbPersistenceOptions } from './options.js';

interface MemoryServer {
  getUri(): string;
}

let started: Promise<string | null> | undefined;

/** Downloads a server on its first run, where that is possible. */
async function startMemoryServer(): Promise<string | null> {
  try {
    const { MongoMemoryReplSet } = await import('mongodb-memory-server-core');
    const options = { replSet: { count: 1 }, binary: { version: '7.0.24' } };
    const server: MemoryServer = await MongoMemoryReplSet.create(options);
    return server.getUri();
  } catch {
    return null;
  }
}

/** Address of the server of the tests: `MONGODB_URI`, or one that is downloaded and started; null when there is none. */
export function testServer(): Promise<string | null> {
  const { MONGODB_URI: given } = process.env;
  started ??= given ? Promise.resolve(given) : startMemoryServer();
  return started;
}

/** An address of a database of its own on the server. */
export function freshDatabase(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  return url.href;
}

/** Persistence on a database, for as long as one test or file. */
export interface TestPersistence {
  readonly persistence: MongodbPersistence;
  readonly url: string;
}

/** A persistence on a fresh, prepared database. The test closes it. */
export async function testPersistence(
  options: Partial<MongodbPersistenceOptions> & { readonly serverUrl: string },
): Promise<TestPersistence> {
  const { serverUrl, ...rest } = options;
  const url = freshDatabase(serverUrl);
  const persistence = createMongodbPersistence({
    connectionString: url,
    encryptor: testEncryptor(),
    ...rest,
  });
  await persistence.prepare();
  return { persistence, url };
}

/** Another persistence on the same data. */
export function reopenWith(url: string, encryptor: Encryptor): MongodbPersistence {
  return createMongodbPersistence({ connectionString: url, encryptor, poolSize: 2 });
}

/** Works with the raw driver on a connection of its own. */
export async function withDriver<T>(
  url: string,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(url);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** `code_verifier` → `codeVerifier`. */
function fieldOf(column: string): string {
  const field = column.replace(/_[a-z]/g, (letter) => letter.slice(1).toUpperCase());
  if (columnName(field) !== column) throw new Error(`No field is the column ${column}`);
  return field;
}

/** Reaches the rows through the raw driver. */
export function rawAccess(url: string): PersistenceSecondPath {
  const collectionOf = (client: MongoClient, table: string) =>
    client.db().collection<{ _id: string; [field: string]: unknown }>(table);
  return {
    dump: () =>
      withDriver(url, async (client) => {
        const parts: string[] = [];
        for (const { name } of await client.db().listCollections().toArray()) {
          const documents = await collectionOf(client, name).find().toArray();
          parts.push(name, ...documents.map((document) => JSON.stringify(document)));
        }
        return parts.join('\n');
      }),
    readSecret: ({ table, column, rowId }: SecretCell) =>
      withDriver(url, async (client) => {
        const document = await collectionOf(client, table).findOne({ _id: rowId });
        return (document?.[fieldOf(column)] ?? null) as string | null;
      }),
    writeSecret: ({ table, column, rowId }: SecretCell, ciphertext) =>
      withDriver(url, async (client) => {
        const change = { $set: { [fieldOf(column)]: ciphertext } };
        await collectionOf(client, table).updateOne({ _id: rowId }, change);
      }),
  };
}

const utf16 = 'the server of this test orders text by UTF-16 units, MongoDB by code points';
const wraps = 'the server of this test wraps sums around beyond 64 bits, MongoDB refuses them';

/** Tests of the contract that are in the order of code points. */
const ORDERED = [
  'mappings: list is in the order of code points',
  'records: list is in the order of code points',
  'states: scan walks a prefix in the order of code points',
  'usage: lists are walked in the order of keys, with filters',
  'archive: keys of text are in the order of code points',
];

/** Whether the deployment has transactions, by what it says of itself. */
export function hasTransactions(serverUrl: string): Promise<boolean> {
  return withDriver(freshDatabase(serverUrl), async (client) => {
    const { setName, msg } = await client.db('admin').command({ hello: 1 });
    return setName !== undefined || msg === 'isdbgrid';
  });
}

/** What servers that imitate MongoDB do otherwise, found out by trying. */
export function knownGaps(serverUrl: string): Promise<Readonly<Record<string, string>>> {
  return withDriver(freshDatabase(serverUrl), async (client) => {
    const texts = client.db().collection<{ _id: string }>('texts');
    await texts.insertMany([{ _id: '\uFFFD' }, { _id: '\u{1F600}' }]);
    const [first] = await texts.find().sort({ _id: 1 }).toArray();
    const ordered = first?._id === '\uFFFD' ? [] : ORDERED.map((name) => [name, utf16]);
    const sums = client.db().collection<{ _id: string; sum: bigint }>('sums');
    await sums.insertOne({ _id: 'sum', sum: MAX_USAGE_COUNT });
    const refused = await sums.updateOne({ _id: 'sum' }, { $inc: { sum: 1n } }).then(
      () => false,
      () => true,
    );
    await client.db().dropDatabase();
    const exact = 'usage: counts of 64 bits are exact, and none leaves them';
    return Object.fromEntries([...ordered, ...(refused ? [] : [[exact, wraps]])]) as Record<
      string,
      string
    >;
  });
}
