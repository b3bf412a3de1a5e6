import type { ConnectionRepository } from '../connection/connection-repository.port.js';
import type { InstallationRepository } from '../installation/installation-repository.port.js';
import { ForbiddenError, NotFoundError } from '../platform/common.errors.js';
import { mayAccess, requireScope, type Context } from '../platform/context.js';
import type { UserRepository } from './user-repository.port.js';
import { userInUse } from './user.errors.js';
import type { UserId } from './user.js';

const ONE = { limit: 1, after: null } as const;

/** Deletes a user that owns nothing any more, with its tokens. */
export class DeleteUser {
  constructor(
    private readonly parts: {
      readonly users: UserRepository;
      readonly connections: ConnectionRepository;
      readonly installations: InstallationRepository;
    },
  ) {}

  /**
   * Needs `users:write` and sight of the whole tenant.
   * @throws NotFoundError `USER_NOT_FOUND`, ForbiddenError, TenonError `USER_IN_USE`.
   */
  async execute(context: Context, input: { readonly userId: UserId }): Promise<void> {
    requireScope(context, 'users:write');
    const { userId } = input;
    if (!mayAccess(context, userId)) throw new NotFoundError('user', userId);
    if (context.visibility !== 'tenant') {
      throw new ForbiddenError('Only organisation users and the back end delete users');
    }
    const user = await this.parts.users.find(context.tenantId, userId);
    if (!user) throw new NotFoundError('user', userId);
    const owned = await this.#whatBelongsTo(context, userId);
    if (owned) throw userInUse(userId, owned);
    await this.parts.users.delete(context.tenantId, userId);
  }

  async #whatBelongsTo(context: Context, userId: UserId): Promise<string | null> {
    const { tenantId } = context;
    const installations = await this.parts.installations.list(tenantId, { userId }, ONE);
    if (installations.items.length > 0) return 'installations';
    const connections = await this.parts.connections.list(tenantId, { userId }, ONE);
    if (connections.items.length > 0) return 'connections';
    const members = await this.parts.users.list(tenantId, { organizationId: userId }, ONE);
    return members.items.length > 0 ? 'users that belong to it' : null;
  }
}
