import type { Clock } from '../platform/clock.port.js';
import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess, requireScope, type Context } from '../platform/context.js';
import type { Crypto, ScryptParameters } from '../platform/crypto.port.js';
import { InputCheck } from '../platform/input-check.js';
import type { Persistence } from '../platform/persistence.port.js';
import { checkPassword, hashPassword, PASSWORD_PARAMETERS } from './password.js';
import type { User, UserId } from './user.js';

/** Sets a user's password and ends its tokens and its pause after failed log-ins. */
export class SetPassword {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Persistence, 'users' | 'transaction'>;
      readonly clock: Clock;
      readonly crypto: Crypto;
      readonly passwordParameters?: ScryptParameters;
    },
  ) {}

  /**
   * Needs the scope `*`: whoever knows a password can log in, and a log-in grants everything. Individuals set their own alone.
   * @throws NotFoundError `USER_NOT_FOUND`, ValidationError, VersionConflictError.
   */
  async execute(
    context: Context,
    input: { readonly userId: UserId; readonly password: string },
  ): Promise<void> {
    requireScope(context, '*');
    const user = await this.#find(context, input.userId);
    const check = new InputCheck('The password');
    check.expect(user.username !== null, 'userId', 'a user with a user name');
    checkPassword(check, input.password, user.username);
    check.done();
    const parameters = this.parts.passwordParameters ?? PASSWORD_PARAMETERS;
    // Hashing takes long; no transaction waits for it.
    const passwordHash = await hashPassword(this.parts.crypto, input.password, parameters);
    await this.parts.persistence.transaction(async ({ users, tokens }) => {
      const now = this.parts.clock.now();
      const current = await users.find(context.tenantId, user.id);
      if (!current) throw new NotFoundError('user', user.id);
      await users.update({
        ...current,
        passwordHash,
        failedLogins: 0,
        lockedUntil: null,
        updatedAt: now,
      });
      await tokens.revokeAllOf(context.tenantId, user.id, now);
    });
  }

  async #find(context: Context, id: UserId): Promise<User> {
    const { users } = this.parts.persistence;
    const user = mayAccess(context, id) ? await users.find(context.tenantId, id) : null;
    if (!user) throw new NotFoundError('user', id);
    return user;
  }
}
