import { ofAppTrail } from '../audit/app-trail.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Clock } from '../platform/clock.port.js';
import { NotFoundError } from '../platform/common.errors.js';
import type { AppContext } from '../platform/context.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import type { TenantRepository } from './tenant-repository.port.js';
import type { Tenant, TenantId } from './tenant.js';

/** What shutting a tenant needs. */
export interface TenantShutParts {
  readonly tenants: TenantRepository;
  readonly clock: Clock;
  readonly audit: Pick<AuditTrail, 'record'>;
}

/**
 * From then on the tenant's tokens are refused, its jobs and schedules do not run, and nothing brings it back. Idempotent. It is entered
 * in the app's trail: the tenant's own goes with it.
 * @throws NotFoundError `TENANT_NOT_FOUND`.
 */
export async function markTenantDeleting(
  { tenants, clock, audit }: TenantShutParts,
  context: AppContext,
  tenantId: TenantId,
): Promise<Tenant> {
  const { changed, tenant } = await retryConflicts(async () => {
    const found = await tenants.find(tenantId);
    if (!found) throw new NotFoundError('tenant', tenantId);
    if (found.status === 'deleting') return { changed: false, tenant: found };
    const next = { ...found, status: 'deleting', updatedAt: clock.now() } as const;
    return { changed: true, tenant: await tenants.update(next) };
  });
  if (changed) {
    const subject = { type: 'tenant', id: tenant.id };
    const details = { name: tenant.name };
    await audit.record(ofAppTrail(context), {
      action: 'tenant.deletion_requested',
      subject,
      details,
    });
  }
  return tenant;
}
