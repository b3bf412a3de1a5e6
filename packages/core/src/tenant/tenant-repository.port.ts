import type { Page, PageQuery } from '../platform/page.js';
import type { Tenant, TenantId } from './tenant.js';

/** Tenants. The only repository whose methods take no tenant, besides lookups by secret or by external key. */
export interface TenantRepository {
  /** @throws UniqueConflictError when the id exists. */
  insert(tenant: Tenant): Promise<void>;
  /** Null when there is none, also for malformed ids. */
  find(id: TenantId): Promise<Tenant | null>;
  /** Compare-and-set by `version`. @throws VersionConflictError when the row has another version or is gone. */
  update(tenant: Tenant): Promise<Tenant>;
  list(page: PageQuery): Promise<Page<Tenant>>;
  /** Tenants in state `deleting`, by id, after an id. For maintenance only. */
  listDeleting(afterId: TenantId | null, limit: number): Promise<readonly Tenant[]>;
}
