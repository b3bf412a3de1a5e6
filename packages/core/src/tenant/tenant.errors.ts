import { TenonError } from '../platform/tenon.error.js';
import type { TenantId } from './tenant.js';

/** `TENANT_DELETING`: nothing is begun any more for a tenant that is being deleted. */
export function tenantDeleting(tenantId: TenantId): TenonError {
  return new TenonError({
    code: 'TENANT_DELETING',
    category: 'precondition',
    message: `The tenant '${tenantId}' is being deleted`,
    details: { tenantId },
  });
}

/** `TENANT_DELETION_RUNNING`: another process deletes this tenant, or one that shares its lease. */
export function tenantDeletionRunning(tenantId: TenantId, retryAfterMs: number): TenonError {
  return new TenonError({
    code: 'TENANT_DELETION_RUNNING',
    category: 'conflict',
    retryable: true,
    retryAfterMs,
    message: `Another process is deleting the tenant '${tenantId}'; wait for it, or a minute after it died`,
    details: { tenantId },
  });
}
