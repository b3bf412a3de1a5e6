import { createHash } from 'node:crypto';
import type { Clock, IdGenerator } from '@tenon/core';

const COUNTER_BITS = 26;

/** UUIDv7 ids that are the same in every run: the time of the clock, a counter, and the hash of a seed. */
export class TestIds implements IdGenerator {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #node: string;
  #lastMs = 0;
  #counter = 0;

  /** Generators with different seeds never make the same id. */
  constructor(clock: Pick<Clock, 'now'>, seed = '') {
    this.#clock = clock;
    this.#node = createHash('sha256').update(seed).digest('hex').slice(0, 12);
  }

  next<Id extends string = string>(): Id {
    this.#lastMs = Math.max(this.#lastMs, this.#clock.now().getTime());
    this.#counter += 1;
    if (this.#counter >= 2 ** COUNTER_BITS) throw new RangeError('Too many ids for one test');
    const time = this.#lastMs.toString(16).padStart(12, '0');
    const high = (this.#counter >> 14).toString(16).padStart(3, '0');
    const low = (0x8000 | (this.#counter & 0x3fff)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${low}-${this.#node}` as Id;
  }
}
