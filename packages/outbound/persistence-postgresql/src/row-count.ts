import { prepared, type Session } from './session.js';

const SUM = prepared(
  'row_counts.sum',
  `SELECT coalesce(sum(total), 0)::float8 AS count FROM row_counts
   WHERE tenant_id = $1 AND installation_id = $2 AND name = $3`,
);

/** A count that triggers keep, as the sum of its slots. */
export async function rowCount(
  session: Session,
  of: { readonly tenantId: string; readonly installationId: string; readonly name: string },
): Promise<number> {
  const values = [of.tenantId, of.installationId, of.name];
  return (await session.row<{ count: number }>(SUM, values))?.count ?? 0;
}
