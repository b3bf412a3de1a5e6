import type { PageQuery } from '@tenon/core';
import { below, upTo, type Filter } from './filter.js';

/** Newest first. */
export const NEWEST_FIRST = { createdAt: -1, _id: -1 } as const;

/** Newest first, after the cursor, and one row more than asked for. */
export function pageOf(
  filter: Filter,
  { after, limit }: PageQuery,
): { readonly filter: Filter; readonly sort: typeof NEWEST_FIRST; readonly limit: number } {
  const more = { sort: NEWEST_FIRST, limit: limit + 1 };
  if (after === null) return { filter, ...more };
  const { at, id } = after;
  // `upTo` repeats what the alternatives say, in the form that an index serves.
  return {
    filter: {
      ...filter,
      createdAt: upTo(at),
      any: [{ createdAt: below(at) }, { createdAt: at, id: below(id) }],
    },
    ...more,
  };
}
