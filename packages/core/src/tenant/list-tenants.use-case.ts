import type { AppContext } from '../platform/context.js';
import { toPageQuery, type Page, type PageRequest } from '../platform/page.js';
import type { TenantRepository } from './tenant-repository.port.js';
import type { Tenant } from './tenant.js';

/** Lists the app's tenants. */
export class ListTenants {
  constructor(private readonly parts: { readonly tenants: TenantRepository }) {}

  /** @throws ValidationError for a wrong limit or cursor. */
  async execute(_context: AppContext, input: PageRequest): Promise<Page<Tenant>> {
    return this.parts.tenants.list(toPageQuery(input));
  }
}
