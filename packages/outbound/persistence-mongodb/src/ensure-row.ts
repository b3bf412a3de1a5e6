import { conflictError, isUniqueConflict } from './database.errors.js';
import type { Filter } from './filter.js';
import type { Row } from './scoped-reads.js';
import type { ScopedRows } from './scoped-rows.js';

/**
 * Inserts `row` unless one matches `filter`, whose fields a unique index covers. Whether it did. Of many callers at once one
 * inserts; the others may be told by the index.
 */
export async function insertUnless(
  rows: ScopedRows,
  filter: Filter,
  row: object,
): Promise<boolean> {
  try {
    return await rows.insertUnless(filter, row);
  } catch (error) {
    if (!isUniqueConflict(error)) throw error;
    // The row came after the transaction began, so that it does not see it: it must begin again.
    if (rows.inTransaction) throw conflictError(error);
    return false;
  }
}

/** Inserts `row` unless one matches; answers the one that is kept, or null when it was deleted at this moment. */
export async function ensureRow(
  rows: ScopedRows,
  filter: Filter,
  row: object,
): Promise<Row | null> {
  const known = await rows.findOne(filter);
  if (known) return known;
  await insertUnless(rows, filter, row);
  return rows.findOne(filter);
}
