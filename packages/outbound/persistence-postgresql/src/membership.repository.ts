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
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import type { Membership as MembershipRow } from './generated/client.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

const ROW = columns<MembershipRow>('memberships', [
  'id',
  'tenantId',
  'organizationId',
  'userId',
  'role',
  'createdAt',
  'updatedAt',
  'version',
]);

const OF_PAIR = 'organization_id = $1 AND user_id = $2 AND tenant_id = $3';

const INSERT = prepared('memberships.insert', `INSERT INTO memberships ${ROW.insert}`);

const FIND = prepared('memberships.find', `SELECT ${ROW.list} FROM memberships WHERE ${OF_PAIR}`);

const UPDATE = prepared(
  'memberships.update',
  `UPDATE memberships SET role = $4, updated_at = $5, version = version + 1
   WHERE id = $1 AND tenant_id = $2 AND version = $3 RETURNING ${ROW.list}`,
);

const DELETE = prepared('memberships.delete', `DELETE FROM memberships WHERE ${OF_PAIR}`);

const toMembership = (row: MembershipRow): Membership => row as unknown as Membership;

export class PostgresqlMembershipRepository implements MembershipRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(membership: Membership): Promise<void> {
    await this.#session.run(INSERT, ROW.values(membership));
  }

  async find(
    tenantId: TenantId,
    organizationId: UserId,
    userId: UserId,
  ): Promise<Membership | null> {
    if (!areIds(tenantId, organizationId, userId)) return null;
    const values = [organizationId, userId, tenantId];
    const row = await this.#session.row<MembershipRow>(FIND, values);
    return row && toMembership(row);
  }

  async update(membership: Membership): Promise<Membership> {
    const { id, tenantId, version, role, updatedAt } = membership;
    if (!areIds(tenantId, id)) throw new VersionConflictError('membership', id);
    const values = [id, tenantId, version, role, updatedAt];
    const row = await this.#session.row<MembershipRow>(UPDATE, values);
    if (!row) throw new VersionConflictError('membership', id);
    return toMembership(row);
  }

  async list(
    tenantId: TenantId,
    filter: MembershipFilter,
    page: PageQuery,
  ): Promise<Page<Membership>> {
    const { organizationId, userId, role } = filter;
    if (!areIds(tenantId, organizationId, userId)) return toPage<Membership>([], page.limit);
    const conditions = new Conditions()
      .equal('memberships.tenant_id', tenantId)
      .equal('memberships.organization_id', organizationId)
      .equal('memberships.user_id', userId)
      .equal('memberships.role', role);
    const text = `SELECT ${ROW.list} FROM memberships ${pageClause(conditions, 'memberships', page)}`;
    const rows = await this.#session.rows<MembershipRow>({ text }, conditions.values);
    return toPage(rows.map(toMembership), page.limit);
  }

  async delete(tenantId: TenantId, organizationId: UserId, userId: UserId): Promise<boolean> {
    if (!areIds(tenantId, organizationId, userId)) return false;
    return (await this.#session.run(DELETE, [organizationId, userId, tenantId])) > 0;
  }
}
