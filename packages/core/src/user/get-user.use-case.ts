import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess, requireScope, type Context } from '../platform/context.js';
import type { UserRepository } from './user-repository.port.js';
import { toUserView, type UserView } from './user-view.js';
import type { UserId } from './user.js';

/** Reads one user of the caller's tenant. */
export class GetUser {
  constructor(private readonly parts: { readonly users: UserRepository }) {}

  /** Needs `users:read`. @throws NotFoundError `USER_NOT_FOUND`, also for users that the caller may not see. */
  async execute(context: Context, input: { readonly userId: UserId }): Promise<UserView> {
    requireScope(context, 'users:read');
    const visible = mayAccess(context, input.userId);
    const user = visible ? await this.parts.users.find(context.tenantId, input.userId) : null;
    if (!user) throw new NotFoundError('user', input.userId);
    return toUserView(user);
  }
}
