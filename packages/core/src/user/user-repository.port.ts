import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { User, UserId } from './user.js';

export interface UserFilter {
  readonly kind?: User['kind'];
}

/** Users of a tenant. */
export interface UserRepository {
  /** @throws UniqueConflictError naming `username` (in the tenant) or `appUserId` (in the app). */
  insert(user: User): Promise<void>;
  find(tenantId: TenantId, id: UserId): Promise<User | null>;
  findByUsername(tenantId: TenantId, username: string): Promise<User | null>;
  /** Across tenants: the product's own user ids are unique in the app. */
  findByAppUserId(appUserId: string): Promise<User | null>;
  /** Compare-and-set by `version`; answers the row with its next version. @throws VersionConflictError, UniqueConflictError. */
  update(user: User): Promise<User>;
  list(tenantId: TenantId, filter: UserFilter, page: PageQuery): Promise<Page<User>>;
  /**
   * Whether the user is there; if so it is held against deletion until the transaction ends: a deletion waits for it. For use inside
   * of a transaction.
   */
  hold(tenantId: TenantId, id: UserId): Promise<boolean>;
  /** Deletes the user with its tokens, memberships, authorization sessions and whatever else is its alone. False when there was none. */
  delete(tenantId: TenantId, id: UserId): Promise<boolean>;
}
