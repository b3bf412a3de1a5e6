import type { AppContext } from '../platform/context.js';
import { markTenantDeleting, type TenantShutParts } from './mark-tenant-deleting.js';
import type { Tenant, TenantId } from './tenant.js';

/** Says that a tenant is to be deleted: it is shut at once, and maintenance deletes what it owns. Cannot be taken back. */
export class RequestTenantDeletion {
  constructor(private readonly parts: TenantShutParts) {}

  /** Idempotent while the tenant is there. @throws NotFoundError `TENANT_NOT_FOUND`. */
  async execute(context: AppContext, input: { readonly tenantId: TenantId }): Promise<Tenant> {
    return markTenantDeleting(this.parts, context, input.tenantId);
  }
}
