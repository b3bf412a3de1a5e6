import type { EntityName } from '../platform/entities.js';
import type { TenantId } from '../tenant/tenant.js';
import { APP_TRAIL_ID } from './app-trail.js';
import { auditTrailKept } from './audit.errors.js';

/** What of a tenant decides whether its trail may go. */
export interface TrailOwner {
  readonly tenantId: TenantId;
  /** Null when the tenant is gone. */
  readonly status: string | null;
  /** Whether entries are left. */
  readonly hasEntries: boolean;
}

/** Whether rows of an entity are part of a trail. */
export function isOfTrail(entity: EntityName): boolean {
  return entity === 'audit' || entity === 'auditHeads';
}

/**
 * A trail goes only with its whole tenant, its end last: as long as that is there, what is missing is found. For adapters whose
 * database does not refuse by itself. @throws TenonError `AUDIT_TRAIL_KEPT`.
 */
export function assertTrailMayGo(entity: EntityName, owner: TrailOwner): void {
  const { tenantId, status, hasEntries } = owner;
  const doomed = status === null || status === 'deleting';
  const goes = doomed && tenantId !== APP_TRAIL_ID && !(entity === 'auditHeads' && hasEntries);
  if (!goes) throw auditTrailKept();
}
