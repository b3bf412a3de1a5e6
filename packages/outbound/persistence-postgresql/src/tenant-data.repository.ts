import { columnName, entities } from '@tenon/core';
import type { EntityDescription, EntityName, TenantDataRepository, TenantId } from '@tenon/core';
import { prepared, type Session, type Statement } from './session.js';
import { areIds } from './values.js';

const within = (ids: string): string => ` AND installation_id = ANY (ARRAY(${ids}))`;
const INSTALLATIONS = 'SELECT id FROM installations WHERE tenant_id = $1';
// A job that was at work when its installation was deleted may have written behind it. Counts are kept of those rows, too.
const COUNTED = within(
  `${INSTALLATIONS} UNION SELECT installation_id FROM row_counts WHERE tenant_id = $1`,
);
const none = (table: string): string =>
  ` AND NOT EXISTS (SELECT FROM ${table} WHERE ${table}.installation_id = row_counts.installation_id)`;

/** Large tables have no index by tenant: what finds their rows, and what keeps the counts until they are gone. */
const FURTHER: Readonly<Record<string, string>> = {
  mappings: COUNTED,
  records: COUNTED,
  // Those of associations whose installation is gone go with the associations.
  association_objects: within(INSTALLATIONS),
  row_counts: none('mappings') + none('records'),
};

function deleteBatchOf({ table, tenant }: EntityDescription): Statement | null {
  if (tenant === null) return null;
  const column = columnName(tenant);
  return prepared(
    `tenant_data.delete_${table}`,
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE ${column} = $1${FURTHER[table] ?? ''} LIMIT $2))`,
  );
}

const DELETE_BATCH: ReadonlyMap<string, Statement | null> = new Map(
  Object.entries(entities).map(([name, entity]) => [name, deleteBatchOf(entity)]),
);

export class PostgresqlTenantDataRepository implements TenantDataRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async deleteBatch(tenantId: TenantId, entity: EntityName, limit: number): Promise<number> {
    const statement = DELETE_BATCH.get(entity);
    return statement && areIds(tenantId) ? this.#session.run(statement, [tenantId, limit]) : 0;
  }
}
