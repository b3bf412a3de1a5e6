import { keyPrefix, prefixEnd } from './document.js';
import { above, afterUntil, between, type Filter } from './filter.js';
import type { Rows } from './rows.js';

/** A tenant's rows after an `_id`, in its order. Where `_id`s begin with the tenant, its rows are one range of them. */
export function tenantRange(rows: Rows, tenantId: string, last: string | null): Filter {
  const [first, ...others] = rows.codec.keyParts;
  if (first !== 'tenantId' || others.length === 0) return last === null ? {} : { _id: above(last) };
  const prefix = keyPrefix([tenantId]);
  const end = prefixEnd(prefix);
  return { _id: last === null ? between(prefix, end) : afterUntil(last, end) };
}
