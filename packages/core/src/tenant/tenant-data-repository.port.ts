import type { EntityName } from '../platform/entities.js';
import type { TenantId } from './tenant.js';

/** The rows of a tenant as rows, whatever they are: for its deletion. */
export interface TenantDataRepository {
  /**
   * Deletes at most `limit` rows of one entity that belong to the tenant; with them what the database deletes along (a connection's
   * credential). Answers how many; 0 when none is left, and for entities that belong to no tenant. Of `tenants` the row itself.
   * What installations own goes before them: rows of an installation that is gone may be left, for its own `deleteBatch`.
   * @throws TenonError `AUDIT_TRAIL_KEPT` for entries of an audit trail whose tenant is neither marked as deleting nor gone, and for
   * its end while entries are left.
   */
  deleteBatch(tenantId: TenantId, entity: EntityName, limit: number): Promise<number>;
}
