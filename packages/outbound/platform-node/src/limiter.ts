import { UnavailableError } from '@tenon/core';

/** Runs at most `concurrency` tasks at once and lets at most `maxWaiting` wait, first come, first served. */
export class Limiter {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly limits: { readonly concurrency: number; readonly maxWaiting: number },
  ) {}

  /** @throws UnavailableError `CRYPTO_BUSY` when too many wait already. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.limits.concurrency) await this.#turn();
    else this.#running += 1;
    try {
      return await task();
    } finally {
      // The place goes straight to the next in line: nobody can take it in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.limits.maxWaiting) {
      throw new UnavailableError(
        'CRYPTO_BUSY',
        'Too many passwords are being checked at once; try again in a moment',
      );
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
