import type { Clock } from '../platform/clock.port.js';
import type { AppContext } from '../platform/context.js';
import type { Crypto, ScryptParameters } from '../platform/crypto.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { TenantRepository } from '../tenant/tenant-repository.port.js';
import type { TenantId } from '../tenant/tenant.js';
import type { IssuedToken } from '../token/issued-token.js';
import { checkTtl, DEFAULT_TOKEN_TTL_MS, makeToken } from '../token/make-token.js';
import type { TokenRepository } from '../token/token-repository.port.js';
import { changeUser, countFailure, isLocked } from './lockout.js';
import { usernameToFind } from './new-user.js';
import { fitsPassword, hashPassword, isOutdated, PASSWORD_PARAMETERS } from './password.js';
import type { UserRepository } from './user-repository.port.js';
import { loginFailed } from './user.errors.js';
import type { PasswordHash, User } from './user.js';

interface LogInInput {
  readonly tenantId: TenantId;
  readonly username: string;
  readonly password: string;
  readonly ttlMs?: number | undefined;
}

/** Trades user name and password for a token with all scopes. */
export class LogIn {
  readonly #parameters: ScryptParameters;

  constructor(
    private readonly parts: {
      readonly tenants: TenantRepository;
      readonly users: UserRepository;
      readonly tokens: TokenRepository;
      readonly clock: Clock;
      readonly ids: IdGenerator;
      readonly crypto: Crypto;
      readonly passwordParameters?: ScryptParameters;
    },
  ) {
    this.#parameters = parts.passwordParameters ?? PASSWORD_PARAMETERS;
  }

  /**
   * The same error, statements and hashing for every reason to refuse. Five failures in a row pause log-in for 15 minutes.
   * @throws UnauthenticatedError `LOGIN_FAILED`; ValidationError for `ttlMs`; TenonError `CRYPTO_BUSY`.
   */
  async execute(_context: AppContext, input: LogInInput): Promise<IssuedToken> {
    checkTtl(input.ttlMs);
    const user = await this.#verified(input);
    const { issued, token } = makeToken(this.parts, user, {
      label: 'log-in',
      scopes: ['*'],
      ttlMs: input.ttlMs ?? DEFAULT_TOKEN_TTL_MS,
    });
    await this.parts.tokens.insert(token);
    return issued;
  }

  async #verified({ tenantId, username, password }: LogInInput): Promise<User> {
    const tenant = await this.parts.tenants.find(tenantId);
    const user = await this.parts.users.findByUsername(tenantId, usernameToFind(username));
    const parameters = this.#parameters;
    const stored = user?.passwordHash ?? null;
    const fits = await fitsPassword(this.parts.crypto, password, { stored, parameters });
    const open =
      tenant?.status === 'active' &&
      user?.status === 'active' &&
      !isLocked(user, this.parts.clock.now());
    if (!user || !stored || !fits || !open) {
      await countFailure(this.parts, fits ? null : user);
      throw loginFailed();
    }
    return this.#admitted(user, stored, password);
  }

  /** Looks at the row again: while this password was hashed, others may have failed, or the password may have changed. */
  async #admitted(user: User, stored: PasswordHash, password: string): Promise<User> {
    const renewed = isOutdated(stored, this.#parameters)
      ? await hashPassword(this.parts.crypto, password, this.#parameters)
      : null;
    const verdict = { admitted: false };
    const result = await changeUser(this.parts, user, (current, now) => {
      verdict.admitted =
        current?.status === 'active' &&
        current.passwordHash?.hash === stored.hash &&
        !isLocked(current, now);
      if (!verdict.admitted || !current) return null;
      if (current.failedLogins === 0 && current.lockedUntil === null && !renewed) return null;
      const passwordHash = renewed ?? current.passwordHash;
      return { ...current, passwordHash, failedLogins: 0, lockedUntil: null, updatedAt: now };
    });
    if (!result || !verdict.admitted) throw loginFailed();
    return result;
  }
}
