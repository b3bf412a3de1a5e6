import type { Clock } from '../platform/clock.port.js';
import { NotFoundError } from '../platform/common.errors.js';
import { requireScope, visibleUser, type Context } from '../platform/context.js';
import type { TokenRepository } from './token-repository.port.js';
import type { TokenId } from './token.js';

/** Ends a token at once. Idempotent. */
export class RevokeToken {
  constructor(
    private readonly parts: { readonly tokens: TokenRepository; readonly clock: Clock },
  ) {}

  /** Needs `tokens:write`. @throws NotFoundError `TOKEN_NOT_FOUND`, also for tokens that the caller may not see. */
  async execute(context: Context, input: { readonly tokenId: TokenId }): Promise<void> {
    requireScope(context, 'tokens:write');
    const change = { at: this.parts.clock.now(), ownerId: visibleUser(context) };
    const found = await this.parts.tokens.revoke(context.tenantId, input.tokenId, change);
    if (!found) throw new NotFoundError('token', input.tokenId);
  }
}
