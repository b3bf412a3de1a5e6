import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess, requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { UserId } from '../user/user.js';
import type { Membership } from './membership.js';

/** Lists the organisations that a user is in, as memberships, newest first. */
export class ListOrganizations {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'users' | 'memberships'>;
    },
  ) {}

  /**
   * Needs `users:read`; individuals see their own.
   * @throws ForbiddenError, ValidationError, NotFoundError `USER_NOT_FOUND`.
   */
  async execute(
    context: Context,
    input: PageRequest & { readonly userId: UserId },
  ): Promise<Page<Membership>> {
    requireScope(context, 'users:read');
    const { users, memberships } = this.parts.persistence;
    const { userId } = input;
    const user = mayAccess(context, userId) ? await users.find(context.tenantId, userId) : null;
    if (!user) throw new NotFoundError('user', userId);
    return memberships.list(context.tenantId, { userId }, toPageQuery(input));
  }
}
