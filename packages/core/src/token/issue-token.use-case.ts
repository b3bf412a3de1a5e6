import type { Clock } from '../platform/clock.port.js';
import { ForbiddenError, NotFoundError, ValidationError } from '../platform/common.errors.js';
import { mayAccess, requireScope, scopes, type Context, type Scope } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import { InputCheck } from '../platform/input-check.js';
import type { UserRepository } from '../user/user-repository.port.js';
import type { User, UserId } from '../user/user.js';
import type { IssuedToken } from './issued-token.js';
import { checkTtl, DEFAULT_TOKEN_TTL_MS, makeToken } from './make-token.js';
import type { TokenRepository } from './token-repository.port.js';

interface IssueTokenInput {
  readonly userId?: UserId | undefined;
  readonly label: string;
  readonly scopes?: readonly Scope[] | undefined;
  readonly ttlMs?: number | null | undefined;
}

/** Makes a token for the caller, or for another user of a tenant that the caller sees whole. */
export class IssueToken {
  constructor(
    private readonly parts: {
      readonly users: UserRepository;
      readonly tokens: TokenRepository;
      readonly clock: Clock;
      readonly ids: IdGenerator;
      readonly crypto: Crypto;
    },
  ) {}

  /**
   * Needs `tokens:write`. Scopes are the caller's by default and never more than those.
   * @throws ValidationError, ForbiddenError, NotFoundError `USER_NOT_FOUND`.
   */
  async execute(context: Context, input: IssueTokenInput): Promise<IssuedToken> {
    requireScope(context, 'tokens:write');
    const check = new InputCheck('The token');
    const label = check.text('label', input.label, { max: 100 });
    const granted = [...new Set(input.scopes ?? context.scopes)];
    const known = granted.length > 0 && granted.every((scope) => scopes.includes(scope));
    check.expect(known, 'scopes', `one or more of ${scopes.join(', ')}`);
    check.done();
    checkTtl(input.ttlMs);
    refuseMoreThan(context, granted);
    const owner = await this.#owner(context, input.userId);
    const ttlMs = input.ttlMs === undefined ? DEFAULT_TOKEN_TTL_MS : input.ttlMs;
    const { token, issued } = makeToken(this.parts, owner, { label, scopes: granted, ttlMs });
    await this.parts.tokens.insert(token);
    return issued;
  }

  async #owner(context: Context, asked: UserId | undefined): Promise<User> {
    const id = asked ?? context.userId;
    if (id === null) {
      throw new ValidationError('The token', [
        { path: 'userId', message: 'needed: this caller is no user' },
      ]);
    }
    const user = mayAccess(context, id) ? await this.parts.users.find(context.tenantId, id) : null;
    if (user?.status !== 'active') throw new NotFoundError('user', id);
    return user;
  }
}

function refuseMoreThan(context: Context, granted: readonly Scope[]): void {
  if (context.scopes.includes('*')) return;
  const excess = granted.filter((scope) => !context.scopes.includes(scope));
  if (excess.length === 0) return;
  throw new ForbiddenError(`This token cannot grant what it lacks: ${excess.join(', ')}`, {
    scopes: excess,
  });
}
