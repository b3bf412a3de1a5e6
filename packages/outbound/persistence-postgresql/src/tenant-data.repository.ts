import { columnName, entities } from '@tenon/core';
import type { EntityDescription, EntityName, TenantDataRepository, TenantId } from '@tenon/core';
import { prepared, type Session, type Statement } from './session.js';
import { areIds } from './values.js';

function deleteBatchOf({ table, tenant }: EntityDescription): Statement | null {
  if (tenant === null) return null;
  return prepared(
    `tenant_data.delete_${table}`,
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE ${columnName(tenant)} = $1 LIMIT $2))`,
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
