import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { Membership, MembershipRole } from './membership.js';

export interface MembershipFilter {
  /** The members of an organisation. */
  readonly organizationId?: UserId;
  /** The organisations of a user. */
  readonly userId?: UserId;
  readonly role?: MembershipRole;
}

/** Memberships. They go when either of their users is deleted. */
export interface MembershipRepository {
  /**
   * Both users must be there; where a database can, it refuses others.
   * @throws UniqueConflictError naming `member` when the user is in the organisation already.
   */
  insert(membership: Membership): Promise<void>;
  find(tenantId: TenantId, organizationId: UserId, userId: UserId): Promise<Membership | null>;
  /**
   * Compare-and-set of the role by `version`; answers the row with its next version. Organisation, user and `createdAt`
   * stay. @throws VersionConflictError.
   */
  update(membership: Membership): Promise<Membership>;
  list(tenantId: TenantId, filter: MembershipFilter, page: PageQuery): Promise<Page<Membership>>;
  /** False when there was none. */
  delete(tenantId: TenantId, organizationId: UserId, userId: UserId): Promise<boolean>;
}
