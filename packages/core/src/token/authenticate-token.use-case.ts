import type { Clock } from '../platform/clock.port.js';
import { UnauthenticatedError } from '../platform/common.errors.js';
import type { AppContext, Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import { visibilityOf } from '../user/user-visibility.js';
import { parseBearer } from './bearer.js';
import { LastUse } from './last-use.js';
import type { TokenRepository } from './token-repository.port.js';
import type { TokenWithOwner } from './token.js';

/** As long as a real hash and the hash of nothing that anybody knows. */
const NO_HASH = 'x'.repeat(43);

/** Turns a bearer token into the context of its user. */
export class AuthenticateToken {
  readonly #lastUse: LastUse;

  constructor(
    private readonly parts: {
      readonly tokens: TokenRepository;
      readonly clock: Clock;
      readonly crypto: Crypto;
    },
  ) {
    this.#lastUse = new LastUse(parts.tokens);
  }

  /** @throws UnauthenticatedError, the same for unknown, wrong, revoked and expired tokens, disabled users and suspended tenants. */
  async execute(context: AppContext, input: { readonly bearer: string }): Promise<Context> {
    const { clock, crypto, tokens } = this.parts;
    const bearer = parseBearer(input.bearer);
    if (!bearer) throw new UnauthenticatedError();
    const found = await tokens.findWithOwner(bearer.id);
    // Unknown ids cost the same hash and comparison as known ones.
    const fits = crypto.equal(crypto.sha256(bearer.secret), found?.token.hash ?? NO_HASH);
    const now = clock.now();
    if (!found || !fits || !isLive(found, now)) throw new UnauthenticatedError();
    this.#lastUse.note(found.token, now, context.logger);
    const { tenantId, userId, scopes } = found.token;
    return {
      requestId: context.requestId,
      tenantId,
      userId,
      actor: 'user',
      scopes,
      visibility: visibilityOf(found.userKind),
      logger: context.logger.child({ tenantId, userId }),
      ...(context.signal && { signal: context.signal }),
    };
  }
}

function isLive({ token, userStatus, tenantStatus }: TokenWithOwner, now: Date): boolean {
  return (
    token.revokedAt === null &&
    (token.expiresAt === null || token.expiresAt > now) &&
    userStatus === 'active' &&
    tenantStatus === 'active'
  );
}
