import type { Brand } from '../platform/brand.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

export type MembershipId = Brand<string, 'MembershipId'>;

/** `owner`: may do everything with the members; `admin`: may add, change and remove members that are no owners. */
export type MembershipRole = 'owner' | 'admin' | 'member';

export const membershipRoles: readonly MembershipRole[] = ['owner', 'admin', 'member'];

/** A user (`individual`) in an organisation (a user of kind `organization`) of the same tenant; at most one per pair. */
export interface Membership {
  readonly id: MembershipId;
  readonly tenantId: TenantId;
  readonly organizationId: UserId;
  readonly userId: UserId;
  readonly role: MembershipRole;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
