import { ownedByUser } from '@tenon/core';
import type {
  Page,
  PageQuery,
  TenantId,
  User,
  UserFilter,
  UserId,
  UserRepository,
} from '@tenon/core';
import type { Access } from './access.js';
import { compareAndSet, matches, owned, pageOf, where } from './rows.js';
import { removeWhere } from './entity-rows.js';
import type { AnyRow } from './entity-rows.js';

export class MemoryUserRepository implements UserRepository {
  constructor(private readonly access: Access) {}

  insert(user: User): Promise<void> {
    return this.access.run(({ users }) => {
      users.insert(user);
    });
  }

  find(tenantId: TenantId, id: UserId): Promise<User | null> {
    return this.access.run(({ users }) => owned(users, tenantId, id) ?? null);
  }

  findByUsername(tenantId: TenantId, username: string): Promise<User | null> {
    return this.access.run(({ users }) => users.by('username', `${tenantId}/${username}`) ?? null);
  }

  findByAppUserId(appUserId: string): Promise<User | null> {
    return this.access.run(({ users }) => users.by('appUserId', appUserId) ?? null);
  }

  update(user: User): Promise<User> {
    return this.access.run(({ users }) => compareAndSet(users, 'user', user));
  }

  list(tenantId: TenantId, filter: UserFilter, page: PageQuery): Promise<Page<User>> {
    return this.access.run(({ users }) => {
      const found = where(users.group('tenant', tenantId), (user) =>
        matches(filter.kind, user.kind),
      );
      return pageOf(found, page);
    });
  }

  /** Transactions run one after another: who is there stays until this one ends. */
  hold(tenantId: TenantId, id: UserId): Promise<boolean> {
    return this.access.run(({ users }) => owned(users, tenantId, id) !== undefined);
  }

  delete(tenantId: TenantId, id: UserId): Promise<boolean> {
    return this.access.run((database) => {
      if (!owned(database.users, tenantId, id)) return false;
      for (const entity of ownedByUser)
        removeWhere(database, { entity }, ({ userId }) => userId === id);
      const organization = ({ organizationId }: AnyRow): boolean => organizationId === id;
      removeWhere(database, { entity: 'memberships' }, organization);
      return database.users.remove(id);
    });
  }
}
