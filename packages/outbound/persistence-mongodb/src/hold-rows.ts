import { randomUUID } from 'node:crypto';
import { among } from './filter.js';
import type { ScopedRows } from './scoped-rows.js';

/**
 * Those of `ids` that are there. In a transaction they are held: writing to them makes a deletion at the same time fail and
 * begin again, which then sees what the transaction wrote. Without transactions nothing can be held.
 */
export async function holdRows<Id extends string>(
  rows: ScopedRows,
  ids: readonly Id[],
): Promise<readonly Id[]> {
  const filter = { id: among(ids) };
  if (rows.inTransaction) await rows.updateMany(filter, { set: { _held: randomUUID() } });
  return (await rows.findIds(filter)) as Id[];
}
