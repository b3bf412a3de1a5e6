import { DeadlineExceededError, isTenonError, TenonError } from '@tenon/core/kernel';

/** `MESSAGE_MALFORMED`: the body is no JSON. The parser's own words are left out: they quote the body. */
export function malformed(): TenonError {
  return new TenonError({
    code: 'MESSAGE_MALFORMED',
    category: 'validation',
    message: 'The body of the message is not JSON',
  });
}

/**
 * What `validate` threw, as `MESSAGE_INVALID` unless it is an error of the house. What a schema library said stays in the
 * cause: it may quote the body.
 */
export function asInvalid(cause: unknown): TenonError {
  if (isTenonError(cause)) return cause;
  return new TenonError({
    code: 'MESSAGE_INVALID',
    category: 'validation',
    message: 'The message is not what the worker expects',
    cause,
  });
}

/** `WORK_IN_PROGRESS`: another worker is at it. */
export function workInProgress(key: string, retryAfterMs: number): TenonError {
  return new TenonError({
    code: 'WORK_IN_PROGRESS',
    category: 'unavailable',
    message: `Another worker is at '${key}'`,
    retryAfterMs,
  });
}

/** `WORK_LEASE_LOST`: the attempt took longer than its lease, and another worker may have begun. */
export function leaseLost(key: string): TenonError {
  return new TenonError({
    code: 'WORK_LEASE_LOST',
    category: 'unavailable',
    message: `The lease of '${key}' ended before its work did; raise leaseMs above the longest run`,
  });
}

/** The reason of a record's signal near the end of an invocation. */
export function invocationOver(ms: number): DeadlineExceededError {
  return new DeadlineExceededError(ms);
}

/** The stable code of an error, for logs. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'UNKNOWN';
}
