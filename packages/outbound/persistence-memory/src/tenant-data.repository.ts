import { assertTrailMayGo, isOfTrail } from '@tenon/core';
import type { EntityName, TenantDataRepository, TenantId } from '@tenon/core';
import type { Access } from './access.js';
import type { Database } from './database.js';
import { removeWhere, tenantOf } from './entity-rows.js';

export class MemoryTenantDataRepository implements TenantDataRepository {
  constructor(private readonly access: Access) {}

  deleteBatch(tenantId: TenantId, entity: EntityName, limit: number): Promise<number> {
    return this.access.run((database) => {
      if (isOfTrail(entity)) assertGoing(database, entity, tenantId);
      return removeWhere(database, { entity, limit }, (row) => tenantOf(entity, row) === tenantId);
    });
  }
}

function assertGoing(database: Database, entity: EntityName, tenantId: TenantId): void {
  const hasEntries = !database.audit.group('tenant', tenantId)[Symbol.iterator]().next().done;
  const hasRows = entity === 'audit' ? hasEntries : database.auditHeads.get(tenantId) !== undefined;
  if (!hasRows) return;
  const status = database.tenants.get(tenantId)?.status ?? null;
  assertTrailMayGo(entity, { tenantId, status, hasEntries });
}
