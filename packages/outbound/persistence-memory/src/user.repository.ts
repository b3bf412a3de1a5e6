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
      const found = where(
        users.group('tenant', tenantId),
        (user) =>
          matches(filter.kind, user.kind) && matches(filter.organizationId, user.organizationId),
      );
      return pageOf(found, page);
    });
  }

  delete(tenantId: TenantId, id: UserId): Promise<boolean> {
    return this.access.run(({ users, tokens }) => {
      if (!owned(users, tenantId, id)) return false;
      for (const token of [...tokens.group('user', id)]) tokens.remove(token.id);
      return users.remove(id);
    });
  }
}
