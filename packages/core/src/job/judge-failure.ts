import { isTenonError } from '../platform/tenon.error.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { JobSettings } from './job-settings.js';

/** What a failed try leads to. */
export type Judgement =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'defer'; readonly delayMs: number }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'dead' };

/** What is known of the try. */
export interface TryFacts {
  /** 1 at the first. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly retryDelayMs: number;
  readonly deferrals: number;
  /** Since the job was enqueued. */
  readonly ageMs: number;
  readonly settings: Pick<JobSettings, 'maxDeferrals' | 'maxDeferralMs'>;
  /** From 0 up to 1. */
  readonly random: number;
}

const MAX_DELAY_MS = 15 * 60 * 1000;
/** For rate limits that do not say when to go on. */
const DEFER_MS = 30_000;

const BLOCKING = new Set([
  'CONNECTION_NEEDS_REAUTHORIZATION',
  'CONNECTION_DISABLED',
  'CONNECTION_NOT_FOUND',
  'RUN_CANCELLED',
]);

/** Doubles with each try up to 15 minutes; between half of it and all of it, so that failed jobs do not come back together. */
export function retryDelay(facts: Pick<TryFacts, 'attempt' | 'retryDelayMs' | 'random'>): number {
  const full = Math.min(facts.retryDelayMs * 2 ** Math.min(facts.attempt - 1, 30), MAX_DELAY_MS);
  return Math.round(full * (0.5 + facts.random / 2));
}

/** A random number from 0 up to 1. */
export function randomFraction(crypto: Pick<Crypto, 'randomToken'>): number {
  let value = 0;
  for (const char of crypto.randomToken(4)) value = (value * 31 + char.charCodeAt(0)) % 65_536;
  return value / 65_536;
}

function retryOrDie(facts: TryFacts): Judgement {
  if (facts.attempt >= facts.maxAttempts) return { kind: 'dead' };
  return { kind: 'retry', delayMs: retryDelay(facts) };
}

/** Judges by the error's category, never by its text. Errors of others may pass, so they are tried again. */
export function judgeFailure(error: unknown, facts: TryFacts): Judgement {
  if (!isTenonError(error)) return retryOrDie(facts);
  if (BLOCKING.has(error.code)) return { kind: 'blocked' };
  if (error.category === 'rate_limited' || (error.retryable && error.retryAfterMs !== undefined)) {
    const { deferrals, ageMs, settings } = facts;
    const delayMs = Math.max(0, Math.ceil(error.retryAfterMs ?? DEFER_MS));
    if (deferrals >= settings.maxDeferrals || ageMs + delayMs > settings.maxDeferralMs) {
      return { kind: 'dead' };
    }
    return { kind: 'defer', delayMs };
  }
  return error.retryable ? retryOrDie(facts) : { kind: 'dead' };
}

/** As {@link judgeFailure}, for an error that said that something blocks the job when nothing does. */
export function judgeUnblocked(facts: TryFacts): Judgement {
  return retryOrDie(facts);
}
