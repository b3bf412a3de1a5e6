import type { AppContext, Context } from '../platform/context.js';
import type { TenantId } from '../tenant/tenant.js';
import type { AuditOrigin } from './audit-trail.js';

/**
 * Where the trail is kept of what concerns no tenant alone, such as a rotation of keys, or what outlives its tenant, such as its
 * deletion. No tenant has this id: generators never make it.
 */
export const APP_TRAIL_ID = '00000000-0000-0000-0000-000000000000' as TenantId;

/** Who acts on the app as a whole. */
export function ofAppTrail({ requestId, actor }: AppContext): AuditOrigin {
  return { tenantId: APP_TRAIL_ID, requestId, actor, userId: null };
}

/** The back end, reading the app's own trail. */
export function appTrailContext(context: AppContext): Context {
  const all = { userId: null, scopes: ['*'], visibility: 'tenant' } as const;
  return { ...context, ...all, tenantId: APP_TRAIL_ID };
}
