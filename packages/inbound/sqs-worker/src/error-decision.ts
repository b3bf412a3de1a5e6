import { isTenonError } from '@tenon/core';
import type { ErrorCategory } from '@tenon/core';

/**
 * What happens to a message whose handler failed. `retry`: shown again. `defer`: shown again after the time that the error
 * names. `dead-letter`: no repetition mends it.
 */
export type ErrorDecision = 'retry' | 'defer' | 'dead-letter';

/** Category of an error → what happens to its message. Complete: the compiler and a test see to it. */
export const decisionOf: Readonly<Record<ErrorCategory, ErrorDecision>> = {
  validation: 'dead-letter',
  unauthenticated: 'dead-letter',
  forbidden: 'dead-letter',
  not_found: 'dead-letter',
  conflict: 'dead-letter',
  precondition: 'dead-letter',
  too_large: 'dead-letter',
  rate_limited: 'defer',
  cancelled: 'retry',
  timeout: 'retry',
  unavailable: 'retry',
  provider: 'dead-letter',
  misconfigured: 'dead-letter',
  internal: 'retry',
};

/** A decision with the wait before the next try, when the error names one. */
export interface Decision {
  readonly decision: ErrorDecision;
  readonly delayMs: number | null;
}

/** Decides by category; `retryable` overrules the table in both directions. Unknown errors are tried again. */
export function decide(error: unknown): Decision {
  if (!isTenonError(error)) return { decision: 'retry', delayMs: null };
  const delayMs = error.retryAfterMs ?? null;
  const byCategory = decisionOf[error.category];
  if (error.retryable) return { decision: delayMs === null ? 'retry' : 'defer', delayMs };
  return {
    decision: byCategory === 'retry' && error.category !== 'internal' ? 'retry' : byCategory,
    delayMs,
  };
}
