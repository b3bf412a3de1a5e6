import { ValidationError } from './common.errors.js';
import { isId } from './id-generator.port.js';

/** Where a page begins: after the row with this time and id. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

/** What repositories take: a bounded number of rows after a cursor, newest first by `(createdAt, id)`. */
export interface PageQuery {
  readonly limit: number;
  readonly after: Cursor | null;
}

/** What callers send. `limit` is 1 to 200, 50 by default. */
export interface PageRequest {
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Send it as `cursor` to get the next page; null on the last page. */
  readonly nextCursor: string | null;
}

export const DEFAULT_PAGE_LIMIT = 50;
export const MAX_PAGE_LIMIT = 200;

/** A cursor as opaque text. */
export function encodeCursor(cursor: Cursor): string {
  return `${cursor.at.getTime().toString(36)}.${cursor.id}`;
}

/** @throws ValidationError (`INVALID_CURSOR`) for text that {@link encodeCursor} did not make. */
export function decodeCursor(text: string): Cursor {
  const dot = text.indexOf('.');
  const time = text.slice(0, Math.max(dot, 0));
  const id = text.slice(dot + 1);
  const at = new Date(/^[0-9a-z]{1,10}$/.test(time) ? parseInt(time, 36) : NaN);
  if (dot < 1 || !isId(id) || Number.isNaN(at.getTime())) {
    throw new ValidationError(
      'The cursor',
      [{ path: 'cursor', message: 'use nextCursor of the page before' }],
      'INVALID_CURSOR',
    );
  }
  return { at, id };
}

/** Checks and defaults a request. @throws ValidationError when `limit` is out of bounds or the cursor is none. */
export function toPageQuery(request: PageRequest): PageQuery {
  const limit = request.limit ?? DEFAULT_PAGE_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_LIMIT) {
    throw new ValidationError('The page', [
      { path: 'limit', message: `a whole number from 1 to ${MAX_PAGE_LIMIT}` },
    ]);
  }
  return { limit, after: request.cursor === undefined ? null : decodeCursor(request.cursor) };
}

/**
 * Makes a page from the rows that a repository read. Repositories read `limit + 1` rows and pass them all;
 * the extra row only tells that there is a next page.
 */
export function toPage<T extends { readonly id: string; readonly createdAt: Date }>(
  rows: readonly T[],
  limit: number,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? encodeCursor({ at: last.createdAt, id: last.id }) : null };
}
