import { VersionConflictError } from '@tenon/core';
import type { Rows } from './rows.js';
import { areIds } from './values.js';

/** A row that several may change at once. */
interface VersionedRow {
  readonly id: string;
  readonly tenantId: string;
  readonly version: number;
}

/** What no update changes. */
const FIXED = ['id', 'tenantId', 'createdAt'];

/**
 * Replaces the row when it still has this version; answers the next version. `fields` is the row as it is stored, secrets
 * encrypted; those in `fixed` stay, as do id, tenant and time of creation.
 * @throws VersionConflictError when it has another version or is gone.
 */
export async function compareAndSet(
  rows: Rows,
  thing: string,
  change: {
    readonly row: VersionedRow;
    readonly fields: object;
    readonly fixed?: readonly string[];
  },
): Promise<number> {
  const { row, fields, fixed = [] } = change;
  const { id, tenantId, version } = row;
  const next = version + 1;
  const set = Object.fromEntries(
    Object.entries(rows.codec.stored({ ...fields, version: next })).filter(
      ([field]) => !FIXED.includes(field) && !fixed.includes(field),
    ),
  );
  if (areIds(id, tenantId) && (await rows.of(tenantId).update({ id, version }, { set }))) {
    return next;
  }
  throw new VersionConflictError(thing, id);
}
