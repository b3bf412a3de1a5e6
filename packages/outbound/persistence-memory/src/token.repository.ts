import type {
  Page,
  PageQuery,
  TenantId,
  Token,
  TokenId,
  TokenRepository,
  TokenWithOwner,
  UserId,
} from '@tenon/core';
import type { Access } from './access.js';
import { matches, owned, pageOf, where } from './rows.js';

export class MemoryTokenRepository implements TokenRepository {
  constructor(private readonly access: Access) {}

  insert(token: Token): Promise<void> {
    return this.access.run(({ tokens }) => {
      tokens.insert(token);
    });
  }

  findWithOwner(id: TokenId): Promise<TokenWithOwner | null> {
    return this.access.run(({ tokens, users, tenants }) => {
      const token = tokens.get(id);
      const user = token && users.get(token.userId);
      const tenant = token && tenants.get(token.tenantId);
      if (!token || !user || !tenant) return null;
      return { token, userKind: user.kind, userStatus: user.status, tenantStatus: tenant.status };
    });
  }

  list(tenantId: TenantId, userId: UserId | undefined, page: PageQuery): Promise<Page<Token>> {
    return this.access.run(({ tokens }) => {
      const found = where(tokens.group('tenant', tenantId), (token) =>
        matches(userId, token.userId),
      );
      return pageOf(found, page);
    });
  }

  revoke(
    tenantId: TenantId,
    id: TokenId,
    change: { readonly at: Date; readonly ownerId?: UserId | undefined },
  ): Promise<boolean> {
    return this.access.run(({ tokens }) => {
      const token = owned(tokens, tenantId, id);
      if (!token || !matches(change.ownerId, token.userId)) return false;
      if (token.revokedAt === null) tokens.put({ ...token, revokedAt: change.at });
      return true;
    });
  }

  revokeAllOf(tenantId: TenantId, userId: UserId, at: Date): Promise<number> {
    return this.access.run(({ tokens }) => {
      const live = [...tokens.group('user', userId)].filter(
        (token) => token.tenantId === tenantId && token.revokedAt === null,
      );
      for (const token of live) tokens.put({ ...token, revokedAt: at });
      return live.length;
    });
  }

  touch(id: TokenId, at: Date): Promise<void> {
    return this.access.run(({ tokens }) => {
      const token = tokens.get(id);
      if (!token || (token.lastUsedAt !== null && token.lastUsedAt >= at)) return;
      tokens.put({ ...token, lastUsedAt: at });
    });
  }
}
