import type { Brand } from '../platform/brand.js';
import type { Secret } from '../platform/secret.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { ConnectionId } from './connection.js';

export type AuthorizationSessionId = Brand<string, 'AuthorizationSessionId'>;

/** Ten minutes: the longest time between starting an authorization and its callback. */
export const AUTHORIZATION_TTL_MS = 10 * 60 * 1000;

/** One attempt to connect an account by OAuth. Its `state` is used once, and only by the browser that began. */
export interface AuthorizationSession {
  readonly id: AuthorizationSessionId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly connector: string;
  /** Set when an existing connection is authorised again; it keeps its id. */
  readonly connectionId: ConnectionId | null;
  /** SHA-256 of the `state` parameter. */
  readonly stateHash: string;
  /** SHA-256 of the browser binding, a random value that only the starting browser holds. */
  readonly browserHash: string;
  /** PKCE verifier (RFC 7636). */
  readonly codeVerifier: Secret<string>;
  readonly redirectUri: string;
  /** Where to send the browser afterwards; checked against the allowed list when the session is made. */
  readonly returnTo: string | null;
  readonly name: string | null;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly createdAt: Date;
}
