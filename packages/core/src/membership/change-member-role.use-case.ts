import type { Clock } from '../platform/clock.port.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Persistence } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import type { UserId } from '../user/user.js';
import {
  checkRole,
  existingMembership,
  releaseOwner,
  requireManager,
  visibleOrganization,
} from './membership-rules.js';
import type { Membership, MembershipRole } from './membership.js';

/** Changes what a member may do. */
export class ChangeMemberRole {
  constructor(
    private readonly parts: { readonly persistence: Persistence; readonly clock: Clock },
  ) {}

  /**
   * Needs `users:write`, and sight of the whole tenant or the role `owner` or `admin`; only owners change owners.
   * @throws ForbiddenError, ValidationError, NotFoundError `USER_NOT_FOUND`, `MEMBERSHIP_NOT_FOUND`, TenonError `LAST_OWNER`.
   */
  async execute(
    context: Context,
    input: {
      readonly organizationId: UserId;
      readonly userId: UserId;
      readonly role: MembershipRole;
    },
  ): Promise<Membership> {
    requireScope(context, 'users:write');
    const { organizationId, userId, role } = input;
    return retryConflicts(() =>
      this.parts.persistence.transaction(async (repositories) => {
        const visible = await visibleOrganization(repositories, context, organizationId);
        const membership = await existingMembership(repositories, visible.organization, userId);
        checkRole(role);
        requireManager(visible.role, [membership.role, role]);
        const at = this.parts.clock.now();
        if (membership.role === role) return membership;
        if (membership.role === 'owner') {
          await releaseOwner(repositories, visible.organization, { membership, at });
        }
        return repositories.memberships.update({ ...membership, role, updatedAt: at });
      }),
    );
  }
}
