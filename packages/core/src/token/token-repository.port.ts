import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { Token, TokenId, TokenWithOwner } from './token.js';

/** Bearer tokens. */
export interface TokenRepository {
  insert(token: Token): Promise<void>;
  /** Across tenants, by the id inside the token: the tenant comes from the row. A hot path: one statement. */
  findWithOwner(id: TokenId): Promise<TokenWithOwner | null>;
  list(tenantId: TenantId, userId: UserId | undefined, page: PageQuery): Promise<Page<Token>>;
  /** Sets `revokedAt` once; a second call keeps the first time. False when there is no such token, or it is
   * not `ownerId`'s when that is given. */
  revoke(
    tenantId: TenantId,
    id: TokenId,
    change: { readonly at: Date; readonly ownerId?: UserId | undefined },
  ): Promise<boolean>;
  revokeAllOf(tenantId: TenantId, userId: UserId, at: Date): Promise<number>;
  /** Moves `lastUsedAt` forward, never back. */
  touch(id: TokenId, at: Date): Promise<void>;
}
