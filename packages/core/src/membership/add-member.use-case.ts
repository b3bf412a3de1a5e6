import type { Clock } from '../platform/clock.port.js';
import { NotFoundError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import { hasCode } from '../platform/tenon.error.js';
import type { UserId } from '../user/user.js';
import { membershipExists } from './membership.errors.js';
import { checkRole, requireManager, visibleOrganization } from './membership-rules.js';
import type { Membership, MembershipRole } from './membership.js';

/** Puts an individual into an organisation. */
export class AddMember {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Persistence, 'users' | 'memberships' | 'transaction'>;
      readonly clock: Clock;
      readonly ids: IdGenerator;
    },
  ) {}

  /**
   * Needs `users:write`, and sight of the whole tenant or the role `owner` or `admin`; only owners make owners.
   * @throws ForbiddenError, ValidationError, NotFoundError `USER_NOT_FOUND`, TenonError `MEMBERSHIP_EXISTS`.
   */
  async execute(
    context: Context,
    input: {
      readonly organizationId: UserId;
      readonly userId: UserId;
      readonly role?: MembershipRole | undefined;
    },
  ): Promise<Membership> {
    requireScope(context, 'users:write');
    const { persistence, clock, ids } = this.parts;
    const { organizationId, userId, role = 'member' } = input;
    const visible = await visibleOrganization(persistence, context, organizationId);
    checkRole(role);
    requireManager(visible.role, [role]);
    const { tenantId } = context;
    const user = await persistence.users.find(tenantId, userId);
    if (user?.kind !== 'individual') throw new NotFoundError('user', userId);
    const now = clock.now();
    const membership: Membership = {
      ...{ id: ids.next(), tenantId, organizationId, userId, role },
      ...{ createdAt: now, updatedAt: now, version: 1 },
    };
    await this.#insert(membership).catch((error: unknown) => {
      throw hasCode(error, 'UNIQUE_CONFLICT') ? membershipExists(organizationId, userId) : error;
    });
    return membership;
  }

  /** Neither user is deleted meanwhile. */
  #insert(membership: Membership): Promise<void> {
    const { tenantId, organizationId, userId } = membership;
    return this.parts.persistence.transaction(async ({ users, memberships }) => {
      for (const id of [organizationId, userId]) {
        if (!(await users.hold(tenantId, id))) throw new NotFoundError('user', id);
      }
      await memberships.insert(membership);
    });
  }
}
