import type { InstallationId, TenantId } from '@tenon/core';
import { installationOf, stateOf } from './database.js';
import type { Database } from './database.js';
import type { Table } from './table.js';

interface Owner {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
}

/** Deletes at most `limit` rows of every table that an installation owns. Answers whether all are gone. */
export function deleteOwned(database: Database, owner: Owner, limit: number): boolean {
  const group = installationOf(owner.tenantId, owner.installationId);
  const byId = ({ id }: { readonly id: string }): string => id;
  return [
    deleteMappings(database, group, limit),
    deleteRecords(database, group, limit),
    deleteGroup(database.associationObjects, { group, limit, key: byId }),
    deleteGroup(database.associations, { group, limit, key: byId }),
    deleteGroup(database.schedules, { group, limit, key: byId }),
    deleteGroup(database.syncs, { group, limit, key: byId }),
    deleteGroup(database.webhookDeliveries, { group, limit, key: byId }),
    deleteGroup(database.webhookEndpoints, { group, limit, key: byId }),
    deleteGroup(database.runs, { group, limit, key: byId }),
    deleteGroup(database.deadLetters, { group, limit, key: byId }),
    deleteGroup(database.files, { group, limit, key: byId }),
    deleteGroup(database.inbox, {
      group,
      limit,
      key: ({ tenantId, key }) => `${tenantId}/${key}`,
    }),
    deleteGroup(database.states, {
      group,
      limit,
      key: ({ tenantId, namespace, key }) => stateOf(tenantId, namespace, key),
    }),
  ].every((gone) => gone);
}

function deleteGroup<Row extends object>(
  table: Table<Row>,
  batch: {
    readonly group: string;
    readonly limit: number;
    readonly key: (row: Row) => string;
  },
): boolean {
  const keys: string[] = [];
  for (const row of table.group('installation', batch.group)) {
    if (keys.push(batch.key(row)) > batch.limit) break;
  }
  for (const key of keys.slice(0, batch.limit)) table.remove(key);
  return keys.length <= batch.limit;
}

function deleteMappings({ mappings }: Database, group: string, limit: number): boolean {
  let left = limit;
  for (const kind of mappings.kindsOf(group)) {
    for (const sourceId of kind.rows.keys()) {
      if (left === 0) return false;
      mappings.remove(group, { kind: kind.name, sourceId });
      left -= 1;
    }
  }
  return true;
}

function deleteRecords({ records }: Database, group: string, limit: number): boolean {
  let left = limit;
  for (const row of records.of(group)) {
    if (left === 0) return false;
    records.remove(row, row.externalId);
    left -= 1;
  }
  return true;
}
