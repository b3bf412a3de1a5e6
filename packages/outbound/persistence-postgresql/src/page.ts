import { isId, type Cursor, type PageQuery } from '@tenon/core';
import type { Conditions } from './conditions.js';

function before({ at, id }: Cursor): object {
  if (!isId(id)) return { createdAt: { lt: at } };
  // `lte` repeats what the OR says, in the form that an index serves.
  return { createdAt: { lte: at }, OR: [{ createdAt: { lt: at } }, { id: { lt: id } }] };
}

/** Newest first, after the cursor, and one row more than asked for: arguments of `findMany`. */
export function pageArguments({ after, limit }: PageQuery): {
  readonly where: object;
  readonly orderBy: [{ createdAt: 'desc' }, { id: 'desc' }];
  readonly take: number;
} {
  return {
    where: after ? before(after) : {},
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  };
}

/** The same as the end of a SELECT on `table`. */
export function pageClause(conditions: Conditions, table: string, page: PageQuery): string {
  if (page.after) {
    const { at, id } = page.after;
    const time = `${conditions.place(at)}::timestamptz`;
    conditions.add(
      isId(id)
        ? `(${table}.created_at, ${table}.id) < (${time}, ${conditions.place(id)}::uuid)`
        : `${table}.created_at < ${time}`,
    );
  }
  return `${conditions.where} ORDER BY ${table}.created_at DESC, ${table}.id DESC LIMIT ${page.limit + 1}`;
}
