/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110 §10.2.3): seconds, or an HTTP date.
 * Null when there is none or it says nothing.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  if (!/^[A-Za-z]{3}/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

const BASE_MS = 250;
const MAX_MS = 30_000;

/** Exponential back-off with full jitter: a random time up to 250 ms × 2^(attempt−1), at most 30 s. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.ceil(random() * Math.min(MAX_MS, BASE_MS * 2 ** (attempt - 1)));
}

/** Spreads those that were told the same time: up to a tenth more, at most a second. */
export function spreadMs(waitMs: number, random: () => number): number {
  return Math.ceil(waitMs + random() * Math.min(1_000, waitMs / 10));
}
