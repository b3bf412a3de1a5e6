import type { InstallationId } from '../installation/installation.js';
import type { JsonValue } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';

/** Ties a source id to a target id or to state, per installation and kind. Key: installation, kind, source id. */
export interface Mapping {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  /** What is mapped, for example `contact`. At most 100 characters. */
  readonly kind: string;
  /** At most 500 characters. */
  readonly sourceId: string;
  readonly targetId: string | null;
  /** Hash of the content that was last carried across, for change detection. */
  readonly hash: string | null;
  readonly state: JsonValue;
  readonly updatedAt: Date;
}
