import { MAX_PAGE_LIMIT, scopes } from '@tenon/core';
import type { JsonValue, Page } from '@tenon/core';
import * as z from 'zod';

/** An id in a path or body. Its form is not checked here: a malformed id is an unknown one. */
export function idOf<Id extends string>(what: string): z.ZodType<Id, string> {
  return z.string().min(1).max(100).describe(`Id of the ${what}`) as unknown as z.ZodType<
    Id,
    string
  >;
}

/** A moment in ISO 8601, UTC. */
export const time = z.iso.datetime();

export const json: z.ZodType<JsonValue, JsonValue> = z.json();

export const jsonObject = z.record(z.string(), z.json());

export const scope = z.enum(scopes);

export const problemSummary = z.object({ code: z.string(), message: z.string() });

/** Query parameters of every list. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE_LIMIT)
    .optional()
    .describe('Items per page; 50 by default'),
  cursor: z.string().max(200).optional().describe('nextCursor of the page before'),
};

/** A page of items. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; nextCursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Maps the items of a page. */
export function mapPage<T, U>(
  page: Page<T>,
  map: (item: T) => U,
): { items: U[]; nextCursor: string | null } {
  return { items: page.items.map(map), nextCursor: page.nextCursor };
}

/** ISO 8601 of a moment that may be missing. */
export function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
