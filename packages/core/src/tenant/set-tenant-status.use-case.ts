import type { Clock } from '../platform/clock.port.js';
import { NotFoundError } from '../platform/common.errors.js';
import type { AppContext } from '../platform/context.js';
import { InputCheck } from '../platform/input-check.js';
import type { TenantRepository } from './tenant-repository.port.js';
import { tenantDeleting } from './tenant.errors.js';
import type { Tenant, TenantId } from './tenant.js';

/** Suspends a tenant or makes it active again. */
export class SetTenantStatus {
  constructor(
    private readonly parts: { readonly tenants: TenantRepository; readonly clock: Clock },
  ) {}

  /** @throws NotFoundError `TENANT_NOT_FOUND`, TenonError `TENANT_DELETING`, VersionConflictError, ValidationError. */
  async execute(
    _context: AppContext,
    input: { readonly tenantId: TenantId; readonly status: 'active' | 'suspended' },
  ): Promise<Tenant> {
    const check = new InputCheck('The status');
    check.expect(['active', 'suspended'].includes(input.status), 'status', 'active or suspended');
    check.done();
    const tenant = await this.parts.tenants.find(input.tenantId);
    if (!tenant) throw new NotFoundError('tenant', input.tenantId);
    if (tenant.status === 'deleting') throw tenantDeleting(tenant.id);
    if (tenant.status === input.status) return tenant;
    const updatedAt = this.parts.clock.now();
    return this.parts.tenants.update({ ...tenant, status: input.status, updatedAt });
  }
}
