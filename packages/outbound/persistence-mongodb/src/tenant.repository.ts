import {
  toPage,
  VersionConflictError,
  type Page,
  type PageQuery,
  type Tenant,
  type TenantId,
  type TenantRepository,
} from '@tenon/core';
import { above } from './filter.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

export class MongodbTenantRepository implements TenantRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'tenants');
  }

  async insert(tenant: Tenant): Promise<void> {
    await this.#rows.of(tenant.id).insert(tenant);
  }

  async find(id: TenantId): Promise<Tenant | null> {
    if (!areIds(id)) return null;
    return (await this.#rows.of(id).findOne({})) as Tenant | null;
  }

  async update(tenant: Tenant): Promise<Tenant> {
    const { id, version, name, status, updatedAt } = tenant;
    const next = { ...tenant, version: version + 1 };
    const set = { name, status, updatedAt, version: next.version };
    if (areIds(id) && (await this.#rows.of(id).update({ version }, { set }))) return next;
    throw new VersionConflictError('tenant', id);
  }

  async list(page: PageQuery): Promise<Page<Tenant>> {
    const { filter, ...order } = pageOf({}, page);
    const rows = await this.#rows.acrossTenants().find(filter, order);
    return toPage(rows as unknown as Tenant[], page.limit);
  }

  async listDeleting(afterId: TenantId | null, limit: number): Promise<readonly Tenant[]> {
    if (!areIds(afterId)) return [];
    const after = afterId === null ? {} : { id: above(afterId) };
    const order = { sort: { _id: 1 }, limit } as const;
    const rows = await this.#rows.acrossTenants().find({ status: 'deleting', ...after }, order);
    return rows as unknown as Tenant[];
  }
}
