import type { HttpResponse } from '../platform/http-client.port.js';
import { hasCode } from '../platform/tenon.error.js';
import { parseRetryAfter } from './retry-after.js';

/** Why a call may be sent again. */
export type RetryCause = 'rate_limit' | 'unavailable' | 'connection';

/** What one attempt came to. */
export type CallOutcome =
  | { readonly kind: 'done'; readonly response: HttpResponse }
  | { readonly kind: 'unauthorized'; readonly response: HttpResponse }
  | { readonly kind: 'rejected'; readonly status: number }
  | {
      readonly kind: 'retry';
      readonly cause: RetryCause;
      /** Proven that the provider did nothing, so that any method may be sent again. */
      readonly untouched: boolean;
      readonly retryAfterMs: number | null;
      readonly status: number | null;
      readonly error: unknown;
    };

const REPEATABLE_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Reads an answer. `accept` lists statuses besides 2xx that the caller wants to see. */
export function outcomeOf(
  response: HttpResponse,
  accept: readonly number[] | undefined,
  now: () => Date,
): CallOutcome {
  const { status } = response;
  if ((status >= 200 && status < 300) || accept?.includes(status)) {
    return { kind: 'done', response };
  }
  if (status === 401) return { kind: 'unauthorized', response };
  if (!REPEATABLE_STATUS.has(status) && status < 505) return { kind: 'rejected', status };
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], now());
  return {
    kind: 'retry',
    cause: status === 429 ? 'rate_limit' : 'unavailable',
    untouched: status === 429 || (status === 503 && retryAfterMs !== null),
    retryAfterMs,
    status,
    error: undefined,
  };
}

/** Reads a failure to get an answer. Rethrows everything that another attempt would not mend. */
export function outcomeOfError(error: unknown): CallOutcome {
  const timeout = hasCode(error, 'HTTP_TIMEOUT');
  if (!timeout && !hasCode(error, 'HTTP_CONNECTION_FAILED')) throw error;
  return {
    kind: 'retry',
    cause: timeout ? 'unavailable' : 'connection',
    untouched: false,
    retryAfterMs: null,
    status: null,
    error,
  };
}
