import type { Brand } from '../platform/brand.js';
import type { Scope } from '../platform/context.js';
import type { Tenant, TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

export type TokenId = Brand<string, 'TokenId'>;

/** A bearer token: `tnn_<id>_<secret>`. Only the hash of the secret is stored. */
export interface Token {
  readonly id: TokenId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly label: string;
  /** SHA-256 of the secret, base64url. The secret has 256 random bits, so that a slow hash adds nothing. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

/** A token with what its check needs of user and tenant, read in one statement. */
export interface TokenWithOwner {
  readonly token: Token;
  readonly userKind: 'individual' | 'organization';
  readonly userStatus: 'active' | 'disabled';
  readonly tenantStatus: Tenant['status'];
}
