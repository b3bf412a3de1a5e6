import { VersionConflictError, toPage } from '@tenon/core';
import type { Page, PageQuery } from '@tenon/core';
import type { Table } from './table.js';

interface Listed {
  readonly id: string;
  readonly createdAt: Date;
}

interface Versioned {
  readonly id: string;
  readonly tenantId?: string;
  readonly version: number;
}

/** Oldest first, by time and then id. */
export function byAge(a: Listed, b: Listed): number {
  const time = a.createdAt.getTime() - b.createdAt.getTime();
  if (time !== 0) return time;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** The rows of a page, newest first. */
export function pageOf<Row extends Listed>(rows: Iterable<Row>, query: PageQuery): Page<Row> {
  const { after, limit } = query;
  const start = after && { id: after.id, createdAt: after.at };
  const found: Row[] = [];
  for (const row of rows) {
    if (start === null || byAge(row, start) < 0) found.push(row);
  }
  found.sort((a, b) => byAge(b, a));
  return toPage(found.slice(0, limit + 1), limit);
}

/** The rows for which the test holds. */
export function* where<Row>(rows: Iterable<Row>, test: (row: Row) => boolean): Iterable<Row> {
  for (const row of rows) if (test(row)) yield row;
}

/** True when the filter does not ask or asks for this value. */
export function matches<T>(wanted: T | undefined, value: T): boolean {
  return wanted === undefined || wanted === value;
}

/** The tenant's row with this id. */
export function owned<Row extends { readonly tenantId: string }>(
  table: Table<Row>,
  tenantId: string,
  id: string,
): Row | undefined {
  const row = table.get(id);
  return row?.tenantId === tenantId ? row : undefined;
}

/** Replaces a row whose version is unchanged. @throws VersionConflictError, UniqueConflictError. */
export function compareAndSet<Row extends Versioned>(
  table: Table<Row>,
  thing: string,
  row: Row,
): Row {
  const current = table.get(row.id);
  if (current?.tenantId !== row.tenantId || current?.version !== row.version) {
    throw new VersionConflictError(thing, row.id);
  }
  const next = { ...row, version: row.version + 1 };
  table.put(next);
  return next;
}
