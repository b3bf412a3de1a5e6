import type { Membership, MembershipRole } from '../membership/membership.js';
import type { Context } from '../platform/context.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { UserId } from '../user/user.js';

/** The commands of members. */
export interface MemberCommands {
  /** @throws TenonError `MEMBERSHIP_EXISTS`. The role is `member` by default. */
  add(
    context: Context,
    input: {
      readonly organizationId: UserId;
      readonly userId: UserId;
      readonly role?: MembershipRole | undefined;
    },
  ): Promise<Membership>;
  list(
    context: Context,
    input: PageRequest & {
      readonly organizationId: UserId;
      readonly role?: MembershipRole | undefined;
    },
  ): Promise<Page<Membership>>;
  /** The organisations of a user. */
  organizations(
    context: Context,
    input: PageRequest & { readonly userId: UserId },
  ): Promise<Page<Membership>>;
  /** @throws TenonError `LAST_OWNER`. */
  changeRole(
    context: Context,
    input: {
      readonly organizationId: UserId;
      readonly userId: UserId;
      readonly role: MembershipRole;
    },
  ): Promise<Membership>;
  /** @throws TenonError `LAST_OWNER`. */
  remove(
    context: Context,
    input: { readonly organizationId: UserId; readonly userId: UserId },
  ): Promise<void>;
}
