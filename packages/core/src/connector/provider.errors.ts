import type { JsonObject } from '../platform/json.js';
import { TenonError } from '../platform/tenon.error.js';

/** Names a call in errors and logs: never its query, headers or body. */
export interface CallName {
  readonly connector: string;
  readonly method: string;
  /** Path without query. */
  readonly path: string;
}

type Facts = JsonObject & { readonly status?: number };

function describe(call: CallName): string {
  return `${call.connector}: ${call.method} ${call.path}`;
}

function detailsOf(call: CallName, facts: Facts): JsonObject {
  return { connector: call.connector, method: call.method, path: call.path, ...facts };
}

/** `PROVIDER_REJECTED`: the provider answered that this request is wrong; repeating it does not help. */
export function providerRejected(call: CallName, status: number): TenonError {
  const redirect = status >= 300 && status < 400 ? ' (a redirect, which is not followed)' : '';
  return new TenonError({
    code: 'PROVIDER_REJECTED',
    category: 'provider',
    message: `${describe(call)} was answered with status ${status}${redirect}`,
    details: detailsOf(call, { status }),
  });
}

/** `PROVIDER_RATE_LIMITED`: too many requests; `retryAfterMs` says when to go on. */
export function providerRateLimited(call: CallName, retryAfterMs: number): TenonError {
  return new TenonError({
    code: 'PROVIDER_RATE_LIMITED',
    category: 'rate_limited',
    message: `${describe(call)} is limited by its rate; go on in ${Math.ceil(retryAfterMs)} ms`,
    retryAfterMs: Math.ceil(retryAfterMs),
    details: detailsOf(call, {}),
  });
}

/** `PROVIDER_UNAVAILABLE`: no connection, or an answer of 5xx. */
export function providerUnavailable(
  call: CallName,
  facts: Facts,
  options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
): TenonError {
  const how =
    facts.status === undefined ? 'got no answer' : `was answered with status ${facts.status}`;
  return new TenonError({
    code: 'PROVIDER_UNAVAILABLE',
    category: 'unavailable',
    message: `${describe(call)} ${how}`,
    details: detailsOf(call, facts),
    ...(options.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(options.retryAfterMs) }),
    ...(options.cause !== undefined && { cause: options.cause }),
  });
}

/** `PROVIDER_TIMEOUT`: no answer in time. */
export function providerTimeout(call: CallName, cause?: unknown): TenonError {
  return new TenonError({
    code: 'PROVIDER_TIMEOUT',
    category: 'timeout',
    message: `${describe(call)} was not answered in time`,
    details: detailsOf(call, {}),
    ...(cause !== undefined && { cause }),
  });
}

/** `PROVIDER_INVALID_RESPONSE`: the answer is not what the schema or the content type says. */
export function providerInvalidResponse(
  call: CallName,
  what: string,
  options: { readonly retryable?: boolean; readonly facts?: Facts } = {},
): TenonError {
  return new TenonError({
    code: 'PROVIDER_INVALID_RESPONSE',
    category: 'provider',
    retryable: options.retryable ?? false,
    message: `${describe(call)} was answered with ${what}`,
    details: detailsOf(call, options.facts ?? {}),
  });
}
