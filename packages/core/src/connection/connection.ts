import type { Brand } from '../platform/brand.js';
import type { JsonObject } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

export type ConnectionId = Brand<string, 'ConnectionId'>;

/**
 * `active`: usable. `needs_reauthorization`: the provider refused the credential for good; a person has to connect again.
 * `disabled`: switched off by its owner.
 */
export type ConnectionState = 'active' | 'needs_reauthorization' | 'disabled';

/** One account of a user on a connector. Holds nothing secret. */
export interface Connection {
  readonly id: ConnectionId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** Name of the connector. */
  readonly connector: string;
  /** What people see; the account's name at first. */
  readonly name: string;
  readonly state: ConnectionState;
  /** The provider's id of the account. Unique per tenant, user and connector. */
  readonly externalId: string;
  /** Non-secret facts that the connector's `identity` answered, and non-secret form fields. */
  readonly profile: JsonObject;
  readonly scopes: readonly string[];
  /** Why the state is not `active`; null when it is. A stable code and a sentence without secrets. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly lastTestedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
