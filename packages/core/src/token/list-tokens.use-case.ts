import { requireScope, visibleUser, type Context } from '../platform/context.js';
import { toPageQuery, type Page, type PageRequest } from '../platform/page.js';
import type { TokenView } from './issued-token.js';
import { toTokenView } from './make-token.js';
import type { TokenRepository } from './token-repository.port.js';

/** Lists the caller's tokens, or all of a tenant that the caller sees whole. */
export class ListTokens {
  constructor(private readonly parts: { readonly tokens: TokenRepository }) {}

  /** Needs `tokens:write`. @throws ValidationError for a wrong limit or cursor. */
  async execute(context: Context, input: PageRequest): Promise<Page<TokenView>> {
    requireScope(context, 'tokens:write');
    const query = toPageQuery(input);
    const page = await this.parts.tokens.list(context.tenantId, visibleUser(context), query);
    return { items: page.items.map(toTokenView), nextCursor: page.nextCursor };
  }
}
