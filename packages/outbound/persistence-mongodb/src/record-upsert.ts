import type {
  RecordChange,
  RecordChanges,
  RecordPass,
  RecordScope,
  SeenRecord,
  SyncRecord,
} from '@tenon/core';
import { among } from './filter.js';
import { Rows } from './rows.js';
import type { BulkChange } from './scoped-rows.js';
import type { Session } from './session.js';

/** Where the records are. */
interface Place {
  readonly scope: RecordScope;
  /** Begin of their `_id`s. */
  readonly prefix: string;
}

const byCodeUnit = (a: SeenRecord, b: SeenRecord): number =>
  a.externalId < b.externalId ? -1 : Number(a.externalId > b.externalId);

/** One row per id, the last wins; in one order everywhere, so that two writers meet at their first row. */
function distinct(rows: readonly SeenRecord[]): readonly SeenRecord[] {
  return [...new Map(rows.map((row) => [row.externalId, row])).values()].sort(byCodeUnit);
}

function changeOf(known: SyncRecord, seen: SeenRecord): RecordChange {
  if (known.deletedAt !== null) return 'new';
  return known.hash === seen.hash ? 'unchanged' : 'changed';
}

/** Inserts those that are not there. The server tells each insertion to exactly one caller. */
async function insertNew(
  session: Session,
  { scope, prefix }: Place,
  { rows, pass }: { readonly rows: readonly SeenRecord[]; readonly pass: RecordPass },
): Promise<ReadonlySet<string>> {
  const records = new Rows(session, 'records');
  const { tenantId, ...keys } = scope;
  const changes = rows.map((row): BulkChange => {
    const { generation, at } = pass;
    const fields = { ...keys, ...row, generation, change: 'new', deletedAt: null, updatedAt: at };
    const onInsert = records.codec.stored(fields);
    return { id: prefix + row.externalId, filter: null, change: { onInsert } };
  });
  return (await records.of(tenantId).bulk(changes)).inserted;
}

function updating(
  records: Rows,
  id: string,
  { known, seen, pass }: { known: SyncRecord; seen: SeenRecord; pass: RecordPass },
): BulkChange {
  const { hash, revision, pairId } = seen;
  const set = records.codec.stored({
    ...{ hash, revision, change: changeOf(known, seen), deletedAt: null, updatedAt: pass.at },
    ...(pairId !== null && { pairId }),
  });
  // Not when another writer was faster: then it is looked at again.
  const filter = { hash: known.hash, deletedAt: known.deletedAt };
  return { id, filter, change: { set, raise: { generation: pass.generation } } };
}

const ATTEMPTS = 20;

/** What became of records that were there. */
interface Updated {
  readonly told: ReadonlyMap<string, RecordChange>;
  /** Tombstones that came to life again by this writer, and by no other at the same moment. */
  readonly revived: number;
}

/** Writes those that are there, and tells what was there before. */
async function updateKnown(
  session: Session,
  { scope, prefix }: Place,
  { rows, pass }: { readonly rows: readonly SeenRecord[]; readonly pass: RecordPass },
): Promise<Updated> {
  let revived = 0;
  const told = new Map<string, RecordChange>();
  const records = new Rows(session, 'records');
  const scoped = records.of(scope.tenantId);
  const byId = new Map(rows.map((row) => [row.externalId, row]));
  for (let attempt = 1; byId.size > 0; attempt += 1) {
    const ids = [...byId.keys()].map((id) => prefix + id);
    const found = (await scoped.find({
      _id: among(ids),
      installationId: scope.installationId,
    })) as unknown as SyncRecord[];
    const changesOf = (each: readonly SyncRecord[]): BulkChange[] =>
      each.map((known) => {
        const seen = byId.get(known.externalId) ?? known;
        const before = changeOf(known, seen);
        if (before !== 'unchanged' || !told.has(seen.externalId)) told.set(seen.externalId, before);
        return updating(records, prefix + seen.externalId, { known, seen, pass });
      });
    const living = await scoped.bulk(changesOf(found.filter((each) => each.deletedAt === null)));
    const dead = await scoped.bulk(changesOf(found.filter((each) => each.deletedAt !== null)));
    revived += dead.matched;
    const all = living.matched + dead.matched === found.length;
    if (all || attempt >= ATTEMPTS) return { told, revived };
  }
  return { told, revived };
}

/** Inserts or replaces records; tells what was there before, and how many more live. */
export async function upsertRecords(
  session: Session,
  place: Place,
  given: { readonly rows: readonly SeenRecord[]; readonly pass: RecordPass },
): Promise<{ readonly changes: RecordChanges; readonly added: number }> {
  const rows = distinct(given.rows);
  const inserted = await insertNew(session, place, { ...given, rows });
  const known = rows.filter((row) => !inserted.has(place.prefix + row.externalId));
  const { told, revived } = await updateKnown(session, place, { ...given, rows: known });
  const ids = (change: RecordChange): string[] =>
    known.map((row) => row.externalId).filter((id) => told.get(id) === change);
  const created = rows.map((row) => row.externalId).filter((id) => inserted.has(place.prefix + id));
  const changes = {
    created: [...created, ...ids('new')],
    changed: ids('changed'),
    unchanged: ids('unchanged'),
  };
  return { changes, added: inserted.size + revived };
}
