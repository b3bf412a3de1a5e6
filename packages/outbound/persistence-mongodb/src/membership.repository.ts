import {
  toPage,
  VersionConflictError,
  type Membership,
  type MembershipFilter,
  type MembershipRepository,
  type Page,
  type PageQuery,
  type TenantId,
  type UserId,
} from '@tenon/core';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

export class MongodbMembershipRepository implements MembershipRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'memberships');
  }

  async insert(membership: Membership): Promise<void> {
    await this.#rows.of(membership.tenantId).insert(membership);
  }

  async find(
    tenantId: TenantId,
    organizationId: UserId,
    userId: UserId,
  ): Promise<Membership | null> {
    if (!areIds(tenantId, organizationId, userId)) return null;
    const row = await this.#rows.of(tenantId).findOne({ organizationId, userId });
    return row as Membership | null;
  }

  async update(membership: Membership): Promise<Membership> {
    const { id, tenantId, version, role, updatedAt } = membership;
    if (!areIds(tenantId, id)) throw new VersionConflictError('membership', id);
    const change = { set: { role, updatedAt }, add: { version: 1 } };
    const row = await this.#rows.of(tenantId).change({ id, version }, change);
    if (!row) throw new VersionConflictError('membership', id);
    return row as unknown as Membership;
  }

  async list(
    tenantId: TenantId,
    { organizationId, userId, role }: MembershipFilter,
    page: PageQuery,
  ): Promise<Page<Membership>> {
    if (!areIds(tenantId, organizationId, userId)) return toPage<Membership>([], page.limit);
    const { filter, ...order } = pageOf({ organizationId, userId, role }, page);
    const rows = await this.#rows.of(tenantId).find(filter, order);
    return toPage(rows as unknown as Membership[], page.limit);
  }

  async delete(tenantId: TenantId, organizationId: UserId, userId: UserId): Promise<boolean> {
    if (!areIds(tenantId, organizationId, userId)) return false;
    return (await this.#rows.of(tenantId).delete({ organizationId, userId })) > 0;
  }
}
