import { isTenonError } from '@tenon/core/kernel';
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
  // The fault is the deployment's: one wrong variable must not empty a queue into dead letters.
  misconfigured: 'retry',
  internal: 'retry',
};

/** A decision with the wait before the next try, when the error names one. */
export interface Decision {
  readonly decision: ErrorDecision;
  readonly delayMs: number | null;
}

/** These say `retryable` unless told otherwise, so that a "no" was meant. */
const retryableByNature: ReadonlySet<ErrorCategory> = new Set([
  'rate_limited',
  'timeout',
  'unavailable',
]);

/** Decides by category; an error's own `retryable` overrules the table. Unknown errors are tried again. */
export function decide(error: unknown): Decision {
  if (!isTenonError(error)) return { decision: 'retry', delayMs: null };
  const delayMs = error.retryAfterMs ?? null;
  if (error.retryable) return { decision: delayMs === null ? 'retry' : 'defer', delayMs };
  if (retryableByNature.has(error.category)) return { decision: 'dead-letter', delayMs };
  return { decision: decisionOf[error.category], delayMs };
}
