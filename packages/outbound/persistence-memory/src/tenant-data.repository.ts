import type { EntityName, TenantDataRepository, TenantId } from '@tenon/core';
import type { Access } from './access.js';
import { removeWhere, tenantOf } from './entity-rows.js';

export class MemoryTenantDataRepository implements TenantDataRepository {
  constructor(private readonly access: Access) {}

  deleteBatch(tenantId: TenantId, entity: EntityName, limit: number): Promise<number> {
    return this.access.run((database) =>
      removeWhere(database, { entity, limit }, (row) => tenantOf(entity, row) === tenantId),
    );
  }
}
