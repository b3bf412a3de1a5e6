import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexOptions, Db } from 'mongodb';
import { entities } from '@tenon/core';
import { INDEXES, type IndexDescription } from '../indexes.js';
import { LEASE_KEY, withSchemaLease } from './schema-lease.js';
import { readStamp, SCHEMA_TABLE, stampOf, writeStamp } from './schema-stamp.js';
import { indexChanged, indexFailed } from './migration.errors.js';

/** Names of indexes by what became of them, in the words of migrations. */
export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** There, but not as they are described. */
  readonly edited: readonly string[];
  readonly failed: readonly string[];
  /** Named like ours and not described: the database is ahead of this version, or behind. */
  readonly unknown: readonly string[];
}

/** An index as the server describes it. */
interface FoundIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly unique?: boolean;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
}

const NO_SUCH_COLLECTION = 26;

const tables = Object.values(entities).map(({ table }) => table);

async function indexesOf(db: Db, table: string): Promise<readonly FoundIndex[]> {
  try {
    const indexes: unknown[] = await db.collection(table).listIndexes().toArray();
    return indexes as FoundIndex[];
  } catch (error) {
    if ((error as { code?: unknown }).code === NO_SUCH_COLLECTION) return [];
    throw error;
  }
}

const keyText = (key: object): string =>
  Object.entries(key)
    .map(([field, order]) => `${field}:${Number(order)}`)
    .join(',');

/** What makes two indexes the same. */
function textOf({ key, unique, where }: Omit<IndexDescription, 'name' | 'table'>): string {
  return `${keyText(key)} ${String(unique)} ${where ?? ''}`;
}

function foundText({ key, unique = false, partialFilterExpression }: FoundIndex): string {
  const where = Object.keys(partialFilterExpression ?? {}).join();
  return textOf({ key: key as IndexDescription['key'], unique, where });
}

/** Which indexes the database has. Changes nothing. */
export async function migrationStatus(
  db: Db,
  described: readonly IndexDescription[] = INDEXES,
): Promise<MigrationStatus> {
  const found = await Promise.all(
    tables.map(async (table) => ({ table, indexes: await indexesOf(db, table) })),
  );
  const texts = new Map(
    found.flatMap(({ indexes }) => indexes.map((index) => [index.name, foundText(index)] as const)),
  );
  const names = described.map(({ name }) => name);
  const isSame = (each: IndexDescription): boolean => texts.get(each.name) === textOf(each);
  return {
    applied: described.filter(isSame).map(({ name }) => name),
    pending: names.filter((name) => !texts.has(name)),
    edited: described
      .filter((each) => texts.has(each.name) && !isSame(each))
      .map(({ name }) => name),
    failed: [],
    unknown: found.flatMap(({ table, indexes }) =>
      indexes
        .map(({ name }) => name)
        .filter((name) => name.startsWith(`${table}_`) && !names.includes(name)),
    ),
  };
}

async function createIndex(db: Db, index: IndexDescription): Promise<void> {
  const { table, name, key, unique, where } = index;
  const options: IndexOptions = {
    name,
    ...(unique && { unique }),
    ...(where !== undefined && { partialFilterExpression: { [where]: { $type: 'string' } } }),
  };
  try {
    await db.collection(table).createIndex({ ...key }, options, {});
  } catch (error) {
    throw indexFailed(name, error);
  }
}

/**
 * Makes the indexes that are not there; their collections come with them. An index that is there in another form is left and
 * reported: dropping it could take a unique rule away or stop a running app. Any number of processes may call it at once: one
 * works, the others wait and find everything done.
 * @returns names of the indexes that this call made.
 * @throws TenonError `MIGRATION_EDITED`, `MIGRATION_FAILED`, `DATABASE_UNAVAILABLE`.
 */
export async function deploy(
  db: Db,
  described: readonly IndexDescription[] = INDEXES,
): Promise<readonly string[]> {
  return withSchemaLease(db, { owner: randomUUID(), wait: sleep }, async () => {
    const { pending, edited } = await migrationStatus(db, described);
    if (edited[0] !== undefined) throw indexChanged(edited[0]);
    for (const index of described) {
      if (pending.includes(index.name)) await createIndex(db, index);
    }
    await writeStamp(db, described);
    return pending;
  });
}

/**
 * Makes sure that the indexes are there. A stamp from the last deployment spares looking at every collection, which would cost
 * each start of a function dozens of statements; what was changed by hand since is found by `migrationStatus`.
 * @throws TenonError `MIGRATION_EDITED`, `MIGRATION_FAILED`, `DATABASE_UNAVAILABLE`.
 */
export async function ensureSchema(
  db: Db,
  described: readonly IndexDescription[] = INDEXES,
): Promise<void> {
  if ((await readStamp(db)) !== stampOf(described)) await deploy(db, described);
}

/** Drops Tenon's collections with all that they hold, and makes the indexes anew. @throws what `deploy` throws. */
export async function reset(db: Db): Promise<readonly string[]> {
  await withSchemaLease(db, { owner: randomUUID(), wait: sleep }, async () => {
    const there = await db.listCollections({}, { nameOnly: true }).toArray();
    const names = new Set(there.map(({ name }) => name));
    // The lease is a document too, and stays; dropping what is not there is an error before MongoDB 7.
    const dropped = [...tables.filter((table) => table !== 'leases'), SCHEMA_TABLE];
    for (const table of dropped) if (names.has(table)) await db.collection(table).drop();
    await db.collection<{ _id: string }>('leases').deleteMany({ _id: { $ne: LEASE_KEY } });
  });
  return deploy(db);
}
