import type { Clock } from '../platform/clock.port.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Persistence } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import type { UserId } from '../user/user.js';
import {
  existingMembership,
  releaseOwner,
  requireManager,
  visibleOrganization,
} from './membership-rules.js';

/** Takes a member out of an organisation; the user stays. */
export class RemoveMember {
  constructor(
    private readonly parts: { readonly persistence: Persistence; readonly clock: Clock },
  ) {}

  /**
   * Needs `users:write`, and sight of the whole tenant or the role `owner` or `admin`; members may leave by themselves.
   * @throws ForbiddenError, NotFoundError `USER_NOT_FOUND`, `MEMBERSHIP_NOT_FOUND`, TenonError `LAST_OWNER`.
   */
  async execute(
    context: Context,
    input: { readonly organizationId: UserId; readonly userId: UserId },
  ): Promise<void> {
    requireScope(context, 'users:write');
    const { organizationId, userId } = input;
    await retryConflicts(() =>
      this.parts.persistence.transaction(async (repositories) => {
        const { organization, role } = await visibleOrganization(
          repositories,
          context,
          organizationId,
        );
        const membership = await existingMembership(repositories, organization, userId);
        if (context.userId !== userId) requireManager(role, [membership.role]);
        if (membership.role === 'owner') {
          const at = this.parts.clock.now();
          await releaseOwner(repositories, organization, { membership, at });
        }
        await repositories.memberships.delete(context.tenantId, organizationId, userId);
      }),
    );
  }
}
