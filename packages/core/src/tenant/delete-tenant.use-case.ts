import type { AppContext } from '../platform/context.js';
import { deleteTenant, type TenantDeletionParts } from './delete-tenant.js';
import { markTenantDeleting } from './mark-tenant-deleting.js';
import type { DeleteTenantInput, TenantDeletion } from './tenant-deletion.js';

/**
 * Deletes a tenant with everything that is its: installations as their own deletion does (`onDelete` is called), connections
 * (revoked where the provider can), then every row, and the tenant itself last. What was stopped goes on when it is called
 * again, and by maintenance.
 */
export class DeleteTenant {
  constructor(private readonly parts: TenantDeletionParts) {}

  /**
   * Answers how far it came; `finished` is false when the context's signal stopped it.
   * @throws NotFoundError `TENANT_NOT_FOUND`, TenonError `TENANT_DELETION_RUNNING`, `INSTALLATION_BUSY`.
   */
  async execute(context: AppContext, input: DeleteTenantInput): Promise<TenantDeletion> {
    const { persistence, platform, audit } = this.parts;
    const parts = { tenants: persistence.tenants, clock: platform.clock, audit };
    const { id } = await markTenantDeleting(parts, context, input.tenantId);
    return deleteTenant(this.parts, context, { ...input, tenantId: id });
  }
}
