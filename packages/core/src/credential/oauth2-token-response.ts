import type { OAuth2Auth } from '../connector/auth.js';
import type { HttpResponse } from '../platform/http-client.port.js';
import { parseRetryAfter } from './retry-after.js';

/** What a token endpoint gave (RFC 6749 §5.1). */
export interface OAuth2Tokens {
  readonly accessToken: string;
  /** Null when the answer has none: a refresh keeps the one it has. */
  readonly refreshToken: string | null;
  readonly tokenType: string;
  /** Null when nobody says. */
  readonly lifetimeMs: number | null;
  /** Null when the answer has none: those that were asked for. */
  readonly scopes: readonly string[] | null;
}

/**
 * What a token request came to. `refused`: the grant (code or refresh token) is worth nothing any more. `client_refused`: the
 * app's own client or request is wrong, which no user can mend. `unavailable`: try again later; the outcome may be unknown.
 * `code` is safe to show: an error code of the provider or a word of ours.
 */
export type TokenOutcome =
  | { readonly kind: 'granted'; readonly tokens: OAuth2Tokens }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'client_refused'; readonly code: string }
  | {
      readonly kind: 'unavailable';
      readonly code: string;
      readonly status: number | null;
      readonly retryAfterMs: number | null;
      readonly error?: unknown;
    };

const CLIENT_ERRORS: ReadonlySet<string> = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_request',
  'incorrect_client_credentials',
  'redirect_uri_mismatch',
]);
const GRANT_ERRORS: ReadonlySet<string> = new Set([
  'invalid_grant',
  'access_denied',
  'invalid_token',
  'invalid_refresh_token',
  'bad_refresh_token',
  'bad_verification_code',
  'token_expired',
  'expired_token',
  'consent_required',
  'interaction_required',
  'login_required',
]);
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'temporarily_unavailable',
  'server_error',
  'slow_down',
  'rate_limited',
  'ratelimited',
]);

function fieldsOf(response: HttpResponse): Readonly<Record<string, unknown>> | null {
  const text = response.text().trim();
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text) as Readonly<Record<string, unknown>>;
    } catch {
      return null;
    }
  }
  const type = response.headers['content-type'] ?? '';
  if (!/x-www-form-urlencoded|text\/plain/i.test(type) || !text.includes('=')) return null;
  return parseForm(text);
}

/** Some providers answer in the form encoding whatever is asked for. */
function parseForm(text: string): Readonly<Record<string, string>> | null {
  try {
    const pairs = text.split('&').map((pair) => {
      const [name = '', value = ''] = pair.replace(/\+/g, ' ').split('=');
      return [decodeURIComponent(name), decodeURIComponent(value)] as const;
    });
    return Object.fromEntries(pairs);
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Numbers and numeric strings; null for everything that is no length of time. */
function lifetimeOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return null;
  return Math.min(seconds * 1000, 100 * 365 * 86_400_000);
}

function scopesOf(auth: OAuth2Auth, value: unknown): readonly string[] | null {
  if (Array.isArray(value)) return value.filter((each) => typeof each === 'string');
  if (typeof value !== 'string') return null;
  const separator = auth.scopeSeparator?.trim() ? auth.scopeSeparator : /[\s,]+/;
  return value
    .split(separator)
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** An error code of the provider, if it looks like one: never free text, which may quote the request. */
function errorCode(value: unknown): string | null {
  const text = textOf(value);
  if (text === null) return null;
  return /^[A-Za-z0-9_.-]{1,64}$/.test(text) ? text.toLowerCase() : 'unknown_error';
}

/** Milliseconds until an access token that was given at `now` ends; null when it does not or nobody knows. */
export function expiryOf(auth: OAuth2Auth, tokens: OAuth2Tokens, now: Date): Date | null {
  const lifetimeMs = tokens.lifetimeMs ?? auth.defaultLifetimeMs ?? null;
  return lifetimeMs === null ? null : new Date(now.getTime() + lifetimeMs);
}

/**
 * Reads the answer of a token endpoint, tolerant of what providers do: numbers as strings, form-encoded answers, errors with
 * status 200. Statuses and bodies that no token endpoint gives come from something in between and count as an outage.
 */
export function readTokenResponse(
  auth: OAuth2Auth,
  response: HttpResponse,
  now: Date,
): TokenOutcome {
  const { status } = response;
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], now);
  const unavailable = (code: string): TokenOutcome => {
    return { kind: 'unavailable', code, status, retryAfterMs };
  };
  if (status === 429) return unavailable('rate_limited');
  if (status >= 500 || status === 408 || status === 425) return unavailable('unavailable');
  const fields = fieldsOf(response);
  if (!fields) return unavailable('invalid_response');
  const accessToken = textOf(fields['access_token']);
  const code = errorCode(fields['error']);
  if (status < 300 && accessToken !== null && code === null) {
    return {
      kind: 'granted',
      tokens: {
        accessToken,
        refreshToken: textOf(fields['refresh_token']),
        tokenType: textOf(fields['token_type']) ?? 'Bearer',
        lifetimeMs: lifetimeOf(fields['expires_in']),
        scopes: scopesOf(auth, fields['scope']),
      },
    };
  }
  if (code !== null && PASSING_ERRORS.has(code)) return unavailable(code);
  if (code !== null && CLIENT_ERRORS.has(code)) return { kind: 'client_refused', code };
  if (code !== null && GRANT_ERRORS.has(code)) return { kind: 'refused', code };
  const answersGrant = status === 400 || status === 401 || (status < 300 && code !== null);
  if (!answersGrant) return unavailable('invalid_response');
  return { kind: 'refused', code: code ?? 'no_error_code' };
}
