import { installationNamespace, type InstallationId, type TenantId } from '@tenon/core';
import { prepared, type Session } from './session.js';

/** Tables of what an installation owns. Deliveries before their endpoints, which would take all of them along. */
const OWNED = [
  'mappings',
  'records',
  'syncs',
  'association_objects',
  'schedules',
  'webhook_deliveries',
  'runs',
  'inbox',
  'dead_letters',
  'files',
];

/** At most a few rows, or kept for nothing once the others are gone. */
const LAST = ['webhook_endpoints', 'row_counts'].map((table) =>
  prepared(
    `installations.delete_${table}`,
    `DELETE FROM ${table} WHERE installation_id = $2 AND tenant_id = $1`,
  ),
);

const batch = (table: string, condition = 'installation_id = $2'): string =>
  `deleted_${table} AS (DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM ${table} WHERE ${condition} AND tenant_id = $1 LIMIT $3)) RETURNING 1)`;

const most = (tables: readonly string[]): string =>
  tables.map((table) => `(SELECT count(*) FROM deleted_${table})`).join(', ');

/** Once their objects are gone, which they would take all of them along. */
const DELETE_ASSOCIATIONS = prepared(
  'installations.delete_associations',
  `DELETE FROM associations WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM associations WHERE installation_id = $2 AND tenant_id = $1 LIMIT $3))`,
);

const DELETE_OWNED = prepared(
  'installations.delete_owned',
  `WITH ${OWNED.map((table) => batch(table)).join(', ')}, ${batch('states', 'namespace = $4')}
   SELECT greatest(${most([...OWNED, 'states'])})::int AS most`,
);

const DELETE = prepared(
  'installations.delete',
  'DELETE FROM installations WHERE id = $2 AND tenant_id = $1',
);

/** Deletes at most `limit` rows of each kind; the installation itself last. True when everything is gone. */
export async function deleteOwnedRows(
  session: Session,
  installation: { readonly tenantId: TenantId; readonly id: InstallationId },
  limit: number,
): Promise<boolean> {
  const ids = [installation.tenantId, installation.id];
  const answer = await session.row<{ most: number }>(DELETE_OWNED, [
    ...ids,
    limit,
    installationNamespace(installation.id),
  ]);
  if ((answer?.most ?? 0) >= limit) return false;
  if ((await session.run(DELETE_ASSOCIATIONS, [...ids, limit])) >= limit) return false;
  for (const statement of LAST) await session.run(statement, ids);
  await session.run(DELETE, ids);
  return true;
}
