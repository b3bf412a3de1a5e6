import type { ConnectionId } from '../connection/connection.js';
import type { UserId } from '../user/user.js';

/** Input of `users.create`. */
export interface CreateUserInput {
  readonly kind: 'individual' | 'organization';
  readonly username?: string | undefined;
  /** At least 12 characters; needs a username. */
  readonly password?: string | undefined;
  readonly email?: string | undefined;
  readonly appUserId?: string | undefined;
  /** Makes the user a member of this organisation, in the same transaction. */
  readonly organizationId?: UserId | undefined;
}

/** Input of `connections.authorize`. */
export interface AuthorizeInput {
  readonly connector: string;
  /** Authorise this connection again; it keeps its id, and the account must be the same. */
  readonly connectionId?: ConnectionId | undefined;
  readonly name?: string | undefined;
  /** Where the browser goes after the callback; must begin with one of the app's allowed return URLs. */
  readonly returnTo?: string | undefined;
}

/** A started authorization. */
export interface StartedAuthorization {
  /** Send the browser there. */
  readonly authorizationUrl: string;
  /** The callback must present it; inbound HTTP keeps it in a cookie of the starting browser. */
  readonly browserBinding: string;
  readonly expiresAt: Date;
}

/** What came back to the callback. */
export interface CompleteAuthorizationInput {
  readonly state: string;
  readonly code?: string | undefined;
  /** The provider's `error` parameter (RFC 6749 §4.1.2.1). */
  readonly error?: string | undefined;
  readonly browserBinding?: string | undefined;
}

/** Input of `connections.submit`. */
export interface SubmitConnectionInput {
  readonly connector: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly name?: string | undefined;
  readonly connectionId?: ConnectionId | undefined;
}

/** Input of `connections.startForm`. */
export type StartFormInput = Omit<SubmitConnectionInput, 'fields'>;

/** Input of `installations.create`. */
export interface CreateInstallationInput {
  readonly integration: string;
  readonly name?: string | undefined;
  readonly connections: Readonly<Record<string, ConnectionId>>;
  readonly config?: unknown;
}
