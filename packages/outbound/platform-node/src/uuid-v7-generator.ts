import type { IdGenerator } from '@tenon/core';
import { RandomPool } from './random-pool.js';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const COUNTER_END = 0x1000;
/** The counter starts in the lower quarter, so that at least 3,072 ids fit into a millisecond. */
const SEED_MASK = 0x3ff;
const RANDOM_BYTES = 8;

/**
 * UUIDv7 (RFC 9562 §5.7): 48 bits of time, a 12-bit counter that starts at random in each millisecond (§6.2, method 1) and
 * 62 random bits. Ids of one generator always sort in the order of their making: when the clock steps back or a
 * millisecond is used up, the generator goes on from its last time.
 */
export class UuidV7Generator implements IdGenerator {
  readonly #pool = new RandomPool(RANDOM_BYTES * 512);
  readonly #nowMs: () => number;
  #lastMs = -1;
  #prefix = '';
  #counter = 0;

  /** `nowMs` answers Unix time in milliseconds; the system's by default. */
  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  next<Id extends string = string>(): Id {
    const at = this.#pool.take(RANDOM_BYTES);
    const bytes = this.#pool.block;
    const byte = (index: number): number => bytes[at + index] ?? 0;
    const nowMs = this.#nowMs();
    if (nowMs > this.#lastMs) this.#enter(nowMs, seed());
    else if ((this.#counter += 1) === COUNTER_END) this.#enter(this.#lastMs + 1, seed());
    const hex = (index: number): string => HEX[byte(index)] ?? '';
    const counter = (HEX[this.#counter >> 8] ?? '').slice(1) + (HEX[this.#counter & 0xff] ?? '');
    const variant = HEX[(byte(0) & 0x3f) | 0x80] ?? '';
    return `${this.#prefix}-7${counter}-${variant}${hex(1)}-${hex(2)}${hex(3)}${hex(4)}${hex(5)}${hex(6)}${hex(7)}` as Id;
  }

  #enter(ms: number, counter: number): void {
    this.#lastMs = ms;
    this.#counter = counter;
    const time = ms.toString(16).padStart(12, '0');
    this.#prefix = `${time.slice(0, 8)}-${time.slice(8)}`;
  }
}

const seeds = new RandomPool(512);

function seed(): number {
  const at = seeds.take(2);
  return seeds.block.readUInt16BE(at) & SEED_MASK;
}
