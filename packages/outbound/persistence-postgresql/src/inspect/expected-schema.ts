import { columnName, entities, type EntityDescription } from '@tenon/core';
import { migrations as shipped } from '../generated/migrations.js';
import type { Migration } from '../migrate/migration.js';

/** `table.column` of every described field. */
export function expectedColumns(): readonly string[] {
  const described: readonly EntityDescription[] = Object.values(entities);
  return described.flatMap(({ table, fields }) =>
    Object.keys(fields).map((field) => `${table}.${columnName(field)}`),
  );
}

const STEP =
  /CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"(?<made>\w+)"|CONSTRAINT "(?<key>\w+)" PRIMARY KEY|DROP INDEX (?:CONCURRENTLY )?(?:IF EXISTS )?"(?<dropped>\w+)"|ALTER INDEX "(?<old>\w+)" RENAME TO "(?<renamed>\w+)"/g;

/** Names of the indexes that are there once all migrations ran. */
export function expectedIndexes(migrations: readonly Migration[] = shipped): readonly string[] {
  const names = new Set<string>();
  for (const { sql } of migrations) {
    for (const { groups = {} } of sql.matchAll(STEP)) {
      const { made, key, dropped, old, renamed } = groups;
      for (const gone of [dropped, old]) if (gone !== undefined) names.delete(gone);
      for (const name of [made, key, renamed]) if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}
