import { columnName, entities } from '@tenon/core';
import type { EntityDescription, EntityName, TenantDataRepository, TenantId } from '@tenon/core';
import { prepared, type Session, type Statement } from './session.js';
import { areIds } from './values.js';

/** Large tables, without an index by tenant: their rows are found through the tenant's installations. */
const THROUGH_INSTALLATIONS: readonly string[] = ['mappings', 'records', 'association_objects'];

const OWN_INSTALLATIONS =
  'installation_id = ANY (ARRAY(SELECT id FROM installations WHERE tenant_id = $1))';

function deleteBatchOf({ table, tenant }: EntityDescription): Statement | null {
  if (tenant === null) return null;
  const column = columnName(tenant);
  const through = THROUGH_INSTALLATIONS.includes(table) ? ` AND ${OWN_INSTALLATIONS}` : '';
  return prepared(
    `tenant_data.delete_${table}`,
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE ${column} = $1${through} LIMIT $2))`,
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
