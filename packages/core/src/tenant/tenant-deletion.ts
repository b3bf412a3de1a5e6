import type { EntityName } from '../platform/entities.js';
import type { TenantId } from './tenant.js';

/** How far the deletion of a tenant is. Counts are those of this call; what earlier calls deleted is gone. */
export interface TenantDeletion {
  readonly tenantId: TenantId;
  /** What is deleted now: installations, then connections, then every row that is left; null at the end. */
  readonly entity: EntityName | null;
  readonly installations: number;
  readonly connections: number;
  /** Rows besides those that went with installations and connections. */
  readonly rows: number;
  /** Whether nothing is left. False when the context's signal stopped it. */
  readonly finished: boolean;
}

/** Input of `DeleteTenant`. */
export interface DeleteTenantInput {
  readonly tenantId: TenantId;
  /** Told after every installation, every page of connections and every batch of rows. */
  readonly onProgress?: ((deletion: TenantDeletion) => void) | undefined;
}
