import type { ErrorCategory } from '@tenon/core';
import { isTenonError } from '@tenon/core/kernel';

/** What a user is told about an error of each category. */
export const statusByCategory: Readonly<Record<ErrorCategory, number>> = {
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

const TITLES: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
}

/**
 * What a user may know of an error. Errors that Tenon throws on purpose carry a message for the caller; of all others,
 * and of mistakes in the app's own configuration, the caller learns the request id alone.
 */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = isTenonError(error) ? error : null;
  const status = known === null ? 500 : statusByCategory[known.category];
  const told = known !== null && status !== 500;
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail: told ? known.message : `Something went wrong on our side; please quote ${requestId}`,
    code: told ? known.code : 'INTERNAL',
    requestId,
  };
}

/** Whole seconds for `retry-after`, or null when the error names no time. */
export function retryAfterSeconds(error: unknown): number | null {
  if (!isTenonError(error) || error.retryAfterMs === undefined) return null;
  return Math.max(0, Math.ceil(error.retryAfterMs / 1000));
}
