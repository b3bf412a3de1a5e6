import {
  toPage,
  VersionConflictError,
  type InstallationId,
  type Page,
  type PageQuery,
  type Sync,
  type SyncFilter,
  type SyncId,
  type SyncRepository,
  type TenantId,
} from '@tenon/core';
import { compareAndSet } from './compare-and-set.js';
import { ensureRow } from './ensure-row.js';
import type { Filter } from './filter.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

export class MongodbSyncRepository implements SyncRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'syncs');
  }

  async ensure(sync: Sync): Promise<Sync> {
    const { installationId, name } = sync;
    const kept = await ensureRow(this.#rows.of(sync.tenantId), { installationId, name }, sync);
    if (!kept) throw new VersionConflictError('sync', sync.id);
    return kept as unknown as Sync;
  }

  async #find(tenantId: TenantId, filter: Filter): Promise<Sync | null> {
    return (await this.#rows.of(tenantId).findOne(filter)) as Sync | null;
  }

  async find(tenantId: TenantId, id: SyncId): Promise<Sync | null> {
    return areIds(tenantId, id) ? this.#find(tenantId, { id }) : null;
  }

  async findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Sync | null> {
    if (!areIds(tenantId, installationId)) return null;
    return this.#find(tenantId, { installationId, name });
  }

  async update(sync: Sync): Promise<Sync> {
    const fixed = ['installationId', 'name'];
    await compareAndSet(this.#rows, 'sync', { row: sync, fields: sync, fixed });
    const changed = await this.find(sync.tenantId, sync.id);
    if (!changed) throw new VersionConflictError('sync', sync.id);
    return changed;
  }

  async list(tenantId: TenantId, filter: SyncFilter, page: PageQuery): Promise<Page<Sync>> {
    const { installationId, state } = filter;
    if (!areIds(tenantId, installationId)) return toPage<Sync>([], page.limit);
    const { filter: where, ...order } = pageOf({ installationId, state }, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows as unknown as Sync[], page.limit);
  }
}
