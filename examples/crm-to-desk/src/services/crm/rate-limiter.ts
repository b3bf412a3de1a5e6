/** A token bucket per caller: `perSecond` calls on average, `burst` at once. */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();
  #perSecond = 0;
  #burst = 0;

  constructor(limit: { perSecond: number; burst: number }) {
    this.configure(limit);
  }

  get limit(): { perSecond: number; burst: number } {
    return { perSecond: this.#perSecond, burst: this.#burst };
  }

  /** Sets a new limit and forgets what was used of the old one; 0 per second means no limit. */
  configure(limit: { perSecond: number; burst: number }): void {
    this.#perSecond = limit.perSecond;
    this.#burst = Math.max(1, limit.burst);
    this.#buckets.clear();
  }

  /**
   * Takes one call of a caller's allowance.
   * @returns 0 when the call may go on, otherwise the whole seconds to wait.
   */
  take(caller: string, nowMs: number = performance.now()): number {
    if (this.#perSecond === 0) return 0;
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#burst, atMs: nowMs };
    const refill = ((nowMs - bucket.atMs) / 1000) * this.#perSecond;
    const tokens = Math.min(this.#burst, bucket.tokens + refill);
    const allowed = tokens >= 1;
    this.#buckets.set(caller, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.#perSecond));
  }
}
