import type { InstallationId } from '../installation/installation.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { Sync, SyncId, SyncState } from './sync.js';

export interface SyncFilter {
  readonly installationId?: InstallationId;
  readonly state?: SyncState;
}

/** Syncs. They go with their installation. */
export interface SyncRepository {
  /**
   * Inserts, unless the installation has a sync of this name. Answers the one that is kept; of many callers at once, all
   * get the same one.
   */
  ensure(sync: Sync): Promise<Sync>;
  find(tenantId: TenantId, id: SyncId): Promise<Sync | null>;
  findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Sync | null>;
  /**
   * Compare-and-set by `version`; answers the row with its next version. Installation, name and `createdAt` stay.
   * @throws VersionConflictError.
   */
  update(sync: Sync): Promise<Sync>;
  list(tenantId: TenantId, filter: SyncFilter, page: PageQuery): Promise<Page<Sync>>;
}
