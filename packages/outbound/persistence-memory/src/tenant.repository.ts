import type { Page, PageQuery, Tenant, TenantId, TenantRepository } from '@tenon/core';
import type { Access } from './access.js';
import { compareAndSet, pageOf } from './rows.js';

export class MemoryTenantRepository implements TenantRepository {
  constructor(private readonly access: Access) {}

  insert(tenant: Tenant): Promise<void> {
    return this.access.run(({ tenants }) => {
      tenants.insert(tenant);
    });
  }

  find(id: TenantId): Promise<Tenant | null> {
    return this.access.run(({ tenants }) => tenants.get(id) ?? null);
  }

  update(tenant: Tenant): Promise<Tenant> {
    return this.access.run(({ tenants }) => compareAndSet(tenants, 'tenant', tenant));
  }

  list(page: PageQuery): Promise<Page<Tenant>> {
    return this.access.run(({ tenants }) => pageOf(tenants.all(), page));
  }

  listDeleting(afterId: TenantId | null, limit: number): Promise<readonly Tenant[]> {
    return this.access.run(({ tenants }) =>
      [...tenants.all()]
        .filter(({ id, status }) => status === 'deleting' && (afterId === null || id > afterId))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    );
  }
}
