import { ForbiddenError, NotFoundError } from '../platform/common.errors.js';
import { mayAccess, requireScope, type Context } from '../platform/context.js';
import type { Persistence, Repositories } from '../platform/persistence.port.js';
import { userInUse } from './user.errors.js';
import type { User, UserId } from './user.js';

const ONE = { limit: 1, after: null } as const;

/** Deletes a user that owns nothing any more, with its tokens and what else is its alone. */
export class DeleteUser {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Persistence, 'users' | 'transaction'>;
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
    const { persistence } = this.parts;
    const user = await persistence.users.find(context.tenantId, userId);
    if (!user) throw new NotFoundError('user', userId);
    await persistence.transaction(async (repositories) => {
      // First, so that it waits for whoever holds the user, and the look afterwards sees what they did.
      await repositories.users.delete(context.tenantId, userId);
      const owned = await whatBelongsTo(repositories, user);
      if (owned) throw userInUse(userId, owned);
    });
  }
}

async function whatBelongsTo(
  { users, connections, installations }: Repositories,
  { tenantId, id: userId }: User,
): Promise<string | null> {
  if ((await installations.list(tenantId, { userId }, ONE)).items.length > 0)
    return 'installations';
  if ((await connections.list(tenantId, { userId }, ONE)).items.length > 0) return 'connections';
  const members = await users.list(tenantId, { organizationId: userId }, ONE);
  return members.items.length > 0 ? 'users that belong to it' : null;
}
