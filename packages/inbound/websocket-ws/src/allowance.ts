import type { Clock } from '@tenon/core';

/** Seconds that a silent client saves up. */
const SAVED_SECONDS = 10;

/** How many messages a client may send: so many a second, and what it saved up. */
export class Allowance {
  readonly #most: number;
  #left: number;
  #atMs: number;

  constructor(
    private readonly perSecond: number,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {
    this.#most = perSecond * SAVED_SECONDS;
    this.#left = this.#most;
    this.#atMs = clock.monotonicMs();
  }

  /** False when nothing is left. */
  take(): boolean {
    const now = this.clock.monotonicMs();
    const gained = ((now - this.#atMs) / 1_000) * this.perSecond;
    this.#left = Math.min(this.#most, this.#left + gained);
    this.#atMs = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
