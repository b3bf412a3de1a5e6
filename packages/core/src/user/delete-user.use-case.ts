import { releaseOrganizations } from '../membership/membership-rules.js';
import type { Clock } from '../platform/clock.port.js';
import { ForbiddenError, NotFoundError } from '../platform/common.errors.js';
import { mayAccess, requireScope, type Context } from '../platform/context.js';
import type { Persistence, Repositories } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { userInUse } from './user.errors.js';
import type { User, UserId } from './user.js';

const ONE = { limit: 1, after: null } as const;

/** Deletes a user that owns nothing any more, with its tokens, its memberships and what else is its alone. */
export class DeleteUser {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Persistence, 'users' | 'transaction'>;
      readonly clock: Clock;
    },
  ) {}

  /**
   * Needs `users:write` and sight of the whole tenant.
   * @throws NotFoundError `USER_NOT_FOUND`, ForbiddenError, TenonError `USER_IN_USE`, `LAST_OWNER`.
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
    const at = this.parts.clock.now();
    await retryConflicts(() =>
      persistence.transaction(async (repositories) => {
        await releaseOrganizations(repositories, user, at);
        // First, so that it waits for whoever holds the user, and the look afterwards sees what they did.
        await repositories.users.delete(context.tenantId, userId);
        const owned = await whatBelongsTo(repositories, user);
        if (owned) throw userInUse(userId, owned);
      }),
    );
  }
}

async function whatBelongsTo(
  { connections, installations }: Repositories,
  { tenantId, id: userId }: User,
): Promise<string | null> {
  if ((await installations.list(tenantId, { userId }, ONE)).items.length > 0)
    return 'installations';
  const connected = await connections.list(tenantId, { userId }, ONE);
  return connected.items.length > 0 ? 'connections' : null;
}
