/** Wakes those who wait. A ring is remembered until {@link Bell.reset}. */
export class Bell {
  #rung = false;
  readonly #waiting = new Set<() => void>();

  get rung(): boolean {
    return this.#rung;
  }

  ring(): void {
    this.#rung = true;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  reset(): void {
    this.#rung = false;
  }

  /** Resolves at the next ring, at once when it has rung. */
  wait(): Promise<void> {
    if (this.#rung) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }
}
