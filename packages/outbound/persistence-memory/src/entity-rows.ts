import { entities } from '@tenon/core';
import type { EntityDescription, EntityName } from '@tenon/core';
import { installationOf } from './database.js';
import type { Database } from './database.js';

/** A kept row, whatever it is. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** The rows of one entity, and how to remove one of them. */
interface Rows {
  all(): Iterable<AnyRow>;
  remove(row: AnyRow): void;
}

function rowsOf(database: Database, entity: EntityName): Rows {
  if (entity === 'mappings') {
    const { mappings } = database;
    return rows(mappings, (row) => {
      mappings.remove(installationOf(row.tenantId, row.installationId), row);
    });
  }
  if (entity === 'records') {
    const { records } = database;
    return rows(records, (row) => {
      records.remove(row, row.externalId);
    });
  }
  // Counted where the rows are.
  if (entity === 'rowCounts') return rows({ all: () => [] }, () => undefined);
  const table: {
    all(): Iterable<object>;
    removeRow(row: never): void;
  } = database[entity];
  return rows(table, (row) => {
    table.removeRow(row as never);
  });
}

function rows<Row extends object>(
  table: { all(): Iterable<Row> },
  remove: (row: Row) => void,
): Rows {
  return {
    all: () => table.all() as Iterable<AnyRow>,
    remove: (row) => {
      remove(row as Row);
    },
  };
}

/** The tenant that a kept row belongs to; a waiting job names it in its message. */
export function tenantOf(entity: EntityName, row: AnyRow): unknown {
  if (entity === 'outbox') return (row as { job: { message: AnyRow } }).job.message['tenantId'];
  const { tenant }: EntityDescription = entities[entity];
  return tenant === null ? null : row[tenant];
}

/** Removes at most `limit` rows for which the test holds; answers how many. */
export function removeWhere(
  database: Database,
  { entity, limit = Infinity }: { readonly entity: EntityName; readonly limit?: number },
  test: (row: AnyRow) => boolean,
): number {
  const table = rowsOf(database, entity);
  const found: AnyRow[] = [];
  for (const row of table.all()) {
    if (found.length >= limit) break;
    if (test(row)) found.push(row);
  }
  for (const row of found) table.remove(row);
  return found.length;
}
