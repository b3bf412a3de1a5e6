import type { InstallationId } from '../installation/installation.js';
import type { JsonValue } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';

/** Where state is: a namespace within a tenant. */
export interface StateScope {
  readonly tenantId: TenantId;
  /** 1 to 100 characters; see {@link installationNamespace}. */
  readonly namespace: string;
}

/** One value that code keeps for a tenant. Key: tenant, namespace, key. */
export interface StateEntry extends StateScope {
  /** 1 to 500 characters. */
  readonly key: string;
  /** At most {@link MAX_STATE_VALUE_BYTES} as JSON. */
  readonly value: JsonValue;
  /**
   * Grows with every write: by one, and at least to the time of the write in milliseconds. So an entry that was deleted and
   * made anew does not have the version that somebody read before, as long as the clocks of writers agree.
   */
  readonly version: number;
  /** From then on there is no such entry, whether or not its row was swept. Null: kept until it is deleted. */
  readonly expiresAt: Date | null;
  readonly updatedAt: Date;
}

/** The largest value, as JSON in UTF-8. What is larger belongs into a file. */
export const MAX_STATE_VALUE_BYTES = 262_144;

/** The namespace of what belongs to one installation; it is deleted along with the installation. */
export function installationNamespace(installationId: InstallationId): string {
  return `installation:${installationId}`;
}
