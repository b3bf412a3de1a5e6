import { NotFoundError } from '../platform/common.errors.js';
import type { AppContext } from '../platform/context.js';
import type { TenantRepository } from './tenant-repository.port.js';
import type { Tenant, TenantId } from './tenant.js';

/** Reads one tenant. */
export class GetTenant {
  constructor(private readonly parts: { readonly tenants: TenantRepository }) {}

  /** @throws NotFoundError `TENANT_NOT_FOUND`. */
  async execute(_context: AppContext, input: { readonly tenantId: TenantId }): Promise<Tenant> {
    const tenant = await this.parts.tenants.find(input.tenantId);
    if (!tenant) throw new NotFoundError('tenant', input.tenantId);
    return tenant;
  }
}
