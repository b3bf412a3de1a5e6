import type { Brand } from '../platform/brand.js';
import type { Secret } from '../platform/secret.js';
import type { ConnectionId } from '../connection/connection.js';
import type { TenantId } from '../tenant/tenant.js';

export type CredentialId = Brand<string, 'CredentialId'>;

/** Tokens of OAuth 2.0 (RFC 6749 §5.1). */
export interface OAuth2Material {
  readonly type: 'oauth2';
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly tokenType: string;
}

/** The fields that a person filled in for an API key or basic authentication, also those that are not secret. */
export interface FieldsMaterial {
  readonly type: 'api_key' | 'basic';
  readonly fields: Readonly<Record<string, string>>;
}

/** What authenticates calls. Always encrypted at rest, read only at use. */
export type CredentialMaterial = OAuth2Material | FieldsMaterial;

/**
 * A refresh that began and whose outcome is not stored yet. While it stands, nobody else may send the same refresh token:
 * a rotating token that is sent twice costs the whole grant.
 */
export interface RefreshAttempt {
  /** Fencing number of the lease under which it began. */
  readonly fence: number;
  readonly startedAt: Date;
}

/** The secret material behind a connection; exactly one per connection. */
export interface Credential {
  readonly id: CredentialId;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly material: Secret<CredentialMaterial>;
  /** When the access token ends; null when it does not or when nobody knows. */
  readonly expiresAt: Date | null;
  readonly refreshAttempt: RefreshAttempt | null;
  /** Earliest moment of the next refresh after an outage at the provider. */
  readonly refreshNotBefore: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
