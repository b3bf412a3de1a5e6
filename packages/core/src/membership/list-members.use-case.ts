import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { UserId } from '../user/user.js';
import { checkRole, visibleOrganization } from './membership-rules.js';
import type { Membership, MembershipRole } from './membership.js';

/** Lists the members of an organisation, newest first. */
export class ListMembers {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'users' | 'memberships'>;
    },
  ) {}

  /**
   * Needs `users:read`, and sight of the whole tenant or a membership.
   * @throws ForbiddenError, ValidationError, NotFoundError `USER_NOT_FOUND`.
   */
  async execute(
    context: Context,
    input: PageRequest & {
      readonly organizationId: UserId;
      readonly role?: MembershipRole | undefined;
    },
  ): Promise<Page<Membership>> {
    requireScope(context, 'users:read');
    const { persistence } = this.parts;
    const { organizationId, role } = input;
    await visibleOrganization(persistence, context, organizationId);
    if (role !== undefined) checkRole(role);
    const filter = { organizationId, ...(role !== undefined && { role }) };
    return persistence.memberships.list(context.tenantId, filter, toPageQuery(input));
  }
}
