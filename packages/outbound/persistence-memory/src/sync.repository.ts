import type {
  InstallationId,
  Page,
  PageQuery,
  Sync,
  SyncFilter,
  SyncId,
  SyncRepository,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { installationOf } from './database.js';
import { compareAndSet, matches, owned, pageOf, where } from './rows.js';

export class MemorySyncRepository implements SyncRepository {
  constructor(private readonly access: Access) {}

  ensure(sync: Sync): Promise<Sync> {
    return this.access.run(({ syncs }) => {
      const { tenantId, installationId, name } = sync;
      const existing = syncs.by('name', `${installationOf(tenantId, installationId)}/${name}`);
      if (existing) return existing;
      syncs.insert(sync);
      return sync;
    });
  }

  find(tenantId: TenantId, id: SyncId): Promise<Sync | null> {
    return this.access.run(({ syncs }) => owned(syncs, tenantId, id) ?? null);
  }

  findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Sync | null> {
    const key = `${installationOf(tenantId, installationId)}/${name}`;
    return this.access.run(({ syncs }) => syncs.by('name', key) ?? null);
  }

  update(sync: Sync): Promise<Sync> {
    return this.access.run(({ syncs }) => {
      const current = owned(syncs, sync.tenantId, sync.id);
      const { installationId, name, createdAt } = current ?? sync;
      return compareAndSet(syncs, 'sync', { ...sync, installationId, name, createdAt });
    });
  }

  list(tenantId: TenantId, filter: SyncFilter, page: PageQuery): Promise<Page<Sync>> {
    return this.access.run(({ syncs }) => {
      const found = where(
        syncs.group('tenant', tenantId),
        (sync) =>
          matches(filter.installationId, sync.installationId) && matches(filter.state, sync.state),
      );
      return pageOf(found, page);
    });
  }
}
