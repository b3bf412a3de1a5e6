import type { Brand } from '../platform/brand.js';
import type { ScryptParameters } from '../platform/crypto.port.js';
import type { TenantId } from '../tenant/tenant.js';

export type UserId = Brand<string, 'UserId'>;

/** A stored password: scrypt with the parameters it was made with, so that they can be raised later. */
export interface PasswordHash {
  readonly algorithm: 'scrypt';
  readonly parameters: ScryptParameters;
  readonly salt: string;
  readonly hash: string;
}

/** A person (`individual`) or a shared identity of the tenant (`organization`), which sees the whole tenant. */
export interface User {
  readonly id: UserId;
  readonly tenantId: TenantId;
  readonly kind: 'individual' | 'organization';
  /** For log-in; lower case, unique in the tenant. Null for users that never log in themselves. */
  readonly username: string | null;
  readonly email: string | null;
  /** The product's own id of this user; unique across the app. */
  readonly appUserId: string | null;
  readonly passwordHash: PasswordHash | null;
  readonly status: 'active' | 'disabled';
  /** Failed log-ins since the last good one; at five, log-in pauses until `lockedUntil`. */
  readonly failedLogins: number;
  readonly lockedUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
