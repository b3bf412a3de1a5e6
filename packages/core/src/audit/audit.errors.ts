import { TenonError } from '../platform/tenon.error.js';

/** `AUDIT_TRAIL_KEPT`: entries are never changed, and go only with their whole tenant. */
export function auditTrailKept(cause?: unknown): TenonError {
  return new TenonError({
    code: 'AUDIT_TRAIL_KEPT',
    category: 'precondition',
    message:
      'An audit trail is never changed, and goes only as a whole with its tenant: mark the tenant as deleting first',
    cause,
  });
}
