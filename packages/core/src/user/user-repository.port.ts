import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { User, UserId } from './user.js';

export interface UserFilter {
  readonly kind?: User['kind'];
  readonly organizationId?: UserId;
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
  /** Deletes the user and its tokens. False when there was none. */
  delete(tenantId: TenantId, id: UserId): Promise<boolean>;
}
