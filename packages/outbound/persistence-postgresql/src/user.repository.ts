import {
  entities,
  ownedByUser,
  toPage,
  VersionConflictError,
  type EntityName,
  type Page,
  type PageQuery,
  type PasswordHash,
  type TenantId,
  type User,
  type UserFilter,
  type UserId,
  type UserRepository,
} from '@tenon/core';
import type { Prisma, User as UserRow } from './generated/client.js';
import { pageArguments } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds, fromJson } from './values.js';

const HOLD = prepared(
  'users.hold',
  'SELECT id FROM users WHERE tenant_id = $1 AND id = $2 FOR KEY SHARE',
);

/** Tokens and the like go first, in one statement with their user. */
const DELETE = prepared(
  'users.delete',
  `WITH ${ownedByUser.map(deletion).join(', ')}
   DELETE FROM users WHERE tenant_id = $1 AND id = $2`,
);

function deletion(name: EntityName): string {
  const { table } = entities[name];
  return `deleted_${table} AS (DELETE FROM ${table} WHERE tenant_id = $1 AND user_id = $2)`;
}

function toUser(row: UserRow): User {
  return { ...row, passwordHash: fromJson<PasswordHash | null>(row.passwordHash) } as User;
}

function toRow(user: User, constants: typeof Prisma): Prisma.UserCreateManyInput {
  const { passwordHash } = user;
  return {
    ...user,
    passwordHash: passwordHash
      ? { ...passwordHash, parameters: { ...passwordHash.parameters } }
      : constants.DbNull,
  };
}

export class PostgresqlUserRepository implements UserRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(user: User): Promise<void> {
    await this.#session.prisma((prisma, constants) =>
      prisma.user.createMany({ data: toRow(user, constants) }),
    );
  }

  async #findOne(where: Prisma.UserWhereInput): Promise<User | null> {
    const row = await this.#session.prisma((prisma) => prisma.user.findFirst({ where }));
    return row && toUser(row);
  }

  async find(tenantId: TenantId, id: UserId): Promise<User | null> {
    return areIds(tenantId, id) ? this.#findOne({ tenantId, id }) : null;
  }

  async findByUsername(tenantId: TenantId, username: string): Promise<User | null> {
    return areIds(tenantId) ? this.#findOne({ tenantId, username }) : null;
  }

  async findByAppUserId(appUserId: string): Promise<User | null> {
    return this.#findOne({ appUserId });
  }

  async update(user: User): Promise<User> {
    const { id, tenantId, version } = user;
    if (!areIds(tenantId, id)) throw new VersionConflictError('user', id);
    const next = { ...user, version: version + 1 };
    const { count } = await this.#session.prisma((prisma, constants) => {
      const {
        id: _id,
        tenantId: _tenantId,
        createdAt: _createdAt,
        ...data
      } = toRow(next, constants);
      return prisma.user.updateMany({ where: { id, tenantId, version }, data });
    });
    if (count === 0) throw new VersionConflictError('user', id);
    return next;
  }

  async list(tenantId: TenantId, filter: UserFilter, page: PageQuery): Promise<Page<User>> {
    if (!areIds(tenantId)) return toPage<User>([], page.limit);
    const { where, ...rest } = pageArguments(page);
    const rows = await this.#session.prisma((prisma) =>
      prisma.user.findMany({ where: { tenantId, ...filter, ...where }, ...rest }),
    );
    return toPage(rows.map(toUser), page.limit);
  }

  async hold(tenantId: TenantId, id: UserId): Promise<boolean> {
    return areIds(tenantId, id) && (await this.#session.run(HOLD, [tenantId, id])) > 0;
  }

  async delete(tenantId: TenantId, id: UserId): Promise<boolean> {
    return areIds(tenantId, id) && (await this.#session.run(DELETE, [tenantId, id])) > 0;
  }
}
