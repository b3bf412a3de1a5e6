import { randomFillSync } from 'node:crypto';

/** Random bytes fetched in blocks: one call to the system's source per block instead of one per use. */
export class RandomPool {
  readonly #block: Buffer;
  #used: number;

  constructor(blockBytes: number) {
    this.#block = Buffer.allocUnsafeSlow(blockBytes);
    this.#used = blockBytes;
  }

  /** Reserves `count` fresh bytes; answers where they begin in {@link RandomPool.block}. Each byte is given out once. */
  take(count: number): number {
    if (this.#used + count > this.#block.length) {
      randomFillSync(this.#block);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += count;
    return start;
  }

  get block(): Buffer {
    return this.#block;
  }
}
