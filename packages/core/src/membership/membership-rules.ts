import { ForbiddenError, NotFoundError } from '../platform/common.errors.js';
import type { Context } from '../platform/context.js';
import { InputCheck } from '../platform/input-check.js';
import { decodeCursor, MAX_PAGE_LIMIT } from '../platform/page.js';
import type { Cursor, Page, PageQuery } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { User, UserId } from '../user/user.js';
import { lastOwner } from './membership.errors.js';
import { membershipRoles } from './membership.js';
import type { Membership, MembershipRole } from './membership.js';

const TWO: PageQuery = { limit: 2, after: null };

type Stores = Pick<Repositories, 'users' | 'memberships'>;

/** @throws ValidationError for a role that is none. */
export function checkRole(role: MembershipRole): void {
  const check = new InputCheck('The membership');
  check.expect(membershipRoles.includes(role), 'role', membershipRoles.join(', '));
  check.done();
}

/**
 * The organisation, for those who see the whole tenant and for its members, with the caller's own role in it.
 * @throws NotFoundError `USER_NOT_FOUND`, the same for organisations that are not there and those of others.
 */
export async function visibleOrganization(
  { users, memberships }: Stores,
  context: Context,
  id: UserId,
): Promise<{ readonly organization: User; readonly role: MembershipRole }> {
  const organization = await users.find(context.tenantId, id);
  if (organization?.kind !== 'organization') throw new NotFoundError('user', id);
  if (context.visibility === 'tenant') return { organization, role: 'owner' };
  const own = context.userId && (await memberships.find(context.tenantId, id, context.userId));
  if (!own) throw new NotFoundError('user', id);
  return { organization, role: own.role };
}

/** @throws ForbiddenError for members, and for admins where one of the roles is `owner`. */
export function requireManager(role: MembershipRole, of: readonly MembershipRole[]): void {
  if (role === 'owner' || (role === 'admin' && !of.includes('owner'))) return;
  throw new ForbiddenError(
    role === 'admin'
      ? 'Only owners make and change owners'
      : 'Only owners and admins change members',
  );
}

/** @throws NotFoundError `MEMBERSHIP_NOT_FOUND`. */
export async function existingMembership(
  { memberships }: Stores,
  organization: User,
  userId: UserId,
): Promise<Membership> {
  const found = await memberships.find(organization.tenantId, organization.id, userId);
  if (!found) throw new NotFoundError('membership', userId);
  return found;
}

/**
 * Before a user is deleted: an organisation with other members keeps an owner. In a transaction under `retryConflicts`.
 * @throws TenonError `LAST_OWNER`, VersionConflictError.
 */
export async function releaseOrganizations(
  repositories: Stores,
  { tenantId, id: userId }: User,
  at: Date,
): Promise<void> {
  const { users, memberships } = repositories;
  const owned = { userId, role: 'owner' } as const;
  for (let after: Cursor | null = null; ;) {
    const page: Page<Membership> = await memberships.list(tenantId, owned, {
      limit: MAX_PAGE_LIMIT,
      after,
    });
    for (const membership of page.items) {
      const { organizationId } = membership;
      const organization = await users.find(tenantId, organizationId);
      const members = await memberships.list(tenantId, { organizationId }, TWO);
      if (organization && members.items.length > 1) {
        await releaseOwner(repositories, organization, { membership, at });
      }
    }
    if (page.nextCursor === null) return;
    after = decodeCursor(page.nextCursor);
  }
}

/**
 * Keeps an organisation from losing its last owner. Writes the organisation, so that of two calls that take an owner each, one meets
 * a version conflict and looks again: call it in a transaction under `retryConflicts`.
 * @throws TenonError `LAST_OWNER`, VersionConflictError.
 */
export async function releaseOwner(
  { users, memberships }: Stores,
  organization: User,
  of: { readonly membership: Membership; readonly at: Date },
): Promise<void> {
  const { tenantId, id: organizationId } = organization;
  const filter = { organizationId, role: 'owner' } as const;
  const owners = await memberships.list(tenantId, filter, TWO);
  if (!owners.items.some(({ userId }) => userId !== of.membership.userId)) {
    throw lastOwner(organizationId, of.membership.userId);
  }
  await users.update({ ...organization, updatedAt: of.at });
}
