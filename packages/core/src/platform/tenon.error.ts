import type { JsonObject } from './json.js';

/**
 * What kind of failure an error is. Inbound adapters map categories to answers (an HTTP status, a queue decision);
 * the core knows neither.
 */
export type ErrorCategory =
  | 'validation'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition'
  | 'too_large'
  | 'rate_limited'
  | 'cancelled'
  | 'timeout'
  | 'unavailable'
  | 'provider'
  | 'misconfigured'
  | 'internal';

/** All categories, for tables that must be complete. */
export const errorCategories: readonly ErrorCategory[] = [
  'validation',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'precondition',
  'too_large',
  'rate_limited',
  'cancelled',
  'timeout',
  'unavailable',
  'provider',
  'misconfigured',
  'internal',
];

/** Input of {@link TenonError}. */
export interface TenonErrorOptions {
  /** Stable, upper-case, never reused: `CONNECTION_NOT_FOUND`. */
  readonly code: string;
  readonly category: ErrorCategory;
  /** Safe to show to whoever called: names what, where and what to do. Never holds a secret. */
  readonly message: string;
  /** Whether the same call may succeed later. Default: true for `rate_limited`, `timeout` and `unavailable`. */
  readonly retryable?: boolean;
  /** When to try again, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** Safe facts for programs. */
  readonly details?: JsonObject;
  readonly cause?: unknown;
}

const RETRYABLE: ReadonlySet<ErrorCategory> = new Set(['rate_limited', 'timeout', 'unavailable']);

/** The base of every error that Tenon throws on purpose. Match it by `code`, not by class: bundles copy classes. */
export class TenonError extends Error {
  override readonly name: string = 'TenonError';
  readonly code: string;
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly details: JsonObject;

  constructor(options: TenonErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.category = options.category;
    this.retryable = options.retryable ?? RETRYABLE.has(options.category);
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    this.details = options.details ?? {};
  }
}

/** True for errors with the shape of {@link TenonError}, also those of another bundled copy of the class. */
export function isTenonError(error: unknown): error is TenonError {
  if (!(error instanceof Error)) return false;
  const shape = error as Partial<TenonError>;
  return (
    typeof shape.code === 'string' &&
    typeof shape.category === 'string' &&
    typeof shape.retryable === 'boolean'
  );
}

/** True when `error` is a {@link TenonError} with this code. */
export function hasCode(error: unknown, code: string): error is TenonError {
  return isTenonError(error) && error.code === code;
}
