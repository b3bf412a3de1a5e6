import { isTenonError } from '@tenon/core';
import type { ErrorCategory } from '@tenon/core';

/** Category of an error → HTTP status. Complete: the compiler and a test see to it. */
export const statusOf: Readonly<Record<ErrorCategory, number>> = {
  validation: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition: 409,
  too_large: 413,
  rate_limited: 429,
  cancelled: 499,
  timeout: 504,
  unavailable: 503,
  provider: 502,
  misconfigured: 500,
  internal: 500,
};

/** Errors whose message may be shown to the caller. The others are about the inside and answered in general words. */
export function isPublic(category: ErrorCategory): boolean {
  return category !== 'internal' && category !== 'misconfigured';
}

/** Status of any error; 500 for those that Tenon did not throw on purpose. */
export function statusOfError(error: unknown): number {
  return isTenonError(error) ? statusOf[error.category] : 500;
}
