import {
  toPage,
  VersionConflictError,
  type Page,
  type PageQuery,
  type Tenant,
  type TenantId,
  type TenantRepository,
} from '@tenon/core';
import type { Tenant as TenantRow } from './generated/client.js';
import { pageArguments } from './page.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

const toTenant = (row: TenantRow): Tenant => row as Tenant;

export class PostgresqlTenantRepository implements TenantRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(tenant: Tenant): Promise<void> {
    await this.#session.prisma((prisma) => prisma.tenant.create({ data: tenant }));
  }

  async find(id: TenantId): Promise<Tenant | null> {
    if (!areIds(id)) return null;
    const row = await this.#session.prisma((prisma) => prisma.tenant.findFirst({ where: { id } }));
    return row && toTenant(row);
  }

  async update(tenant: Tenant): Promise<Tenant> {
    const { id, version, name, status, updatedAt } = tenant;
    if (!areIds(id)) throw new VersionConflictError('tenant', id);
    const next = { ...tenant, version: version + 1 };
    const { count } = await this.#session.prisma((prisma) =>
      prisma.tenant.updateMany({
        where: { id, version },
        data: { name, status, updatedAt, version: next.version },
      }),
    );
    if (count === 0) throw new VersionConflictError('tenant', id);
    return next;
  }

  async list(page: PageQuery): Promise<Page<Tenant>> {
    const rows = await this.#session.prisma((prisma) =>
      prisma.tenant.findMany(pageArguments(page)),
    );
    return toPage(rows.map(toTenant), page.limit);
  }

  async listDeleting(afterId: TenantId | null, limit: number): Promise<readonly Tenant[]> {
    if (!areIds(afterId)) return [];
    const rows = await this.#session.prisma((prisma) =>
      prisma.tenant.findMany({
        where: { status: 'deleting', ...(afterId !== null && { id: { gt: afterId } }) },
        orderBy: { id: 'asc' },
        take: limit,
      }),
    );
    return rows.map(toTenant);
  }
}
