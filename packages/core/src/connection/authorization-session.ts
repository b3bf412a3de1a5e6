import type { Brand } from '../platform/brand.js';
import type { JsonObject } from '../platform/json.js';
import type { Secret } from '../platform/secret.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { ConnectionId } from './connection.js';

export type AuthorizationSessionId = Brand<string, 'AuthorizationSessionId'>;

/** Ten minutes: the longest time between starting an authorization and its callback. */
export const AUTHORIZATION_TTL_MS = 10 * 60 * 1000;

/**
 * One attempt to connect an account: by OAuth, or by a form of several steps. Its `state` is used once; with OAuth only by
 * the browser that began, with a form only by the user who did.
 */
export interface AuthorizationSession {
  readonly id: AuthorizationSessionId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly connector: string;
  /** Set when an existing connection is authorised again; it keeps its id. */
  readonly connectionId: ConnectionId | null;
  /** SHA-256 of the `state` parameter. */
  readonly stateHash: string;
  /** SHA-256 of the browser binding, a random value that only the starting browser holds; empty for forms. */
  readonly browserHash: string;
  /** PKCE verifier (RFC 7636); empty for forms. */
  readonly codeVerifier: Secret<string>;
  readonly redirectUri: string;
  /** Where to send the browser afterwards; checked against the allowed list when the session is made. */
  readonly returnTo: string | null;
  readonly name: string | null;
  /** The step that is to be filled in, from 1 to `totalSteps`; both are 1 for OAuth. */
  readonly step: number;
  readonly totalSteps: number;
  /** What was filled in in the steps before; null on the first. */
  readonly stepData: Secret<JsonObject> | null;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly createdAt: Date;
}
