import type { StoredDocument } from './document.js';
import type { DriverCollection, StatementOptions } from './session.js';

/** One document before and after a statement; null where there was none. */
export interface UndoEntry {
  readonly table: string;
  readonly id: string;
  readonly before: StoredDocument | null;
  readonly after: StoredDocument | null;
}

type Document = Record<string, unknown>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const isVersion = (field: string): boolean => field === 'version';

/**
 * The change that takes back what lies between `before` and `after`: amounts are taken off what is there now, other fields
 * are restored, and the version too, unless somebody else has changed them since.
 */
export function reversal(entry: UndoEntry, current: Document): Document {
  const { before, after } = entry as { before: Document; after: Document };
  const set: Document = {};
  const add: Document = {};
  const unset: Document = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, written, now] = [before[field], after[field], current[field]];
    if (field === '_id' || same(old, written)) continue;
    if (isVersion(field) && !same(now, written)) continue;
    if (typeof old === 'number' && typeof written === 'number') add[field] = old - written;
    else if (!same(now, written)) continue;
    else if (old === undefined) unset[field] = '';
    else set[field] = old;
  }
  return {
    ...(Object.keys(set).length > 0 && { $set: set }),
    ...(Object.keys(add).length > 0 && { $inc: add }),
    ...(Object.keys(unset).length > 0 && { $unset: unset }),
  };
}

/** Takes one change back. */
export async function undo(
  entry: UndoEntry,
  collection: DriverCollection,
  options: StatementOptions,
): Promise<void> {
  const { id, before, after } = entry;
  if (before === null) {
    await collection.deleteOne({ _id: id }, options);
    return;
  }
  if (after === null) {
    const update = { $setOnInsert: before };
    await collection.updateOne({ _id: id }, update, { ...options, upsert: true });
    return;
  }
  const current = await collection.findOne({ _id: id }, options);
  const update = current === null ? {} : reversal(entry, current);
  if (Object.keys(update).length > 0) await collection.updateOne({ _id: id }, update, options);
}
