import { ServiceError } from '../http/service-error.js';

/** When a batch is answered 503: before it is written, after it was written, or not at all. */
export type Outage = 'before' | 'after' | undefined;

export interface OutageSettings {
  /** The share of batches that is answered 503, from 0 to 1. */
  rate: number;
  /** The `Retry-After` of these answers in seconds; 0 leaves it out. */
  retryAfterSeconds: number;
  /** How many of the next batches fail before they are written. */
  failNextBefore: number;
  /** How many of the next batches fail after they were written. */
  failNextAfter: number;
  /** How long every batch waits before it is handled, in milliseconds. */
  latencyMs: number;
}

/** Decides by a seeded sequence which batches meet an outage, half of them after the write. */
export class OutagePlan {
  readonly settings: OutageSettings;
  #state: number;

  constructor(settings: OutageSettings, seed: number) {
    this.settings = settings;
    this.#state = seed >>> 0;
  }

  /** Decides for the next batch. */
  next(): Outage {
    if (this.settings.failNextBefore > 0) {
      this.settings.failNextBefore -= 1;
      return 'before';
    }
    if (this.settings.failNextAfter > 0) {
      this.settings.failNextAfter -= 1;
      return 'after';
    }
    const drawn = this.#draw();
    if (drawn >= this.settings.rate) return undefined;
    return drawn < this.settings.rate / 2 ? 'after' : 'before';
  }

  /** The refusal that the caller of such a batch sees. */
  refusal(): ServiceError {
    const { retryAfterSeconds } = this.settings;
    const headers: Record<string, string> = {};
    if (retryAfterSeconds > 0) headers['retry-after'] = String(retryAfterSeconds);
    const message = 'The desk cannot answer right now.';
    return new ServiceError(503, 'service_unavailable', { message, headers });
  }

  // mulberry32: small, and the same sequence on every machine.
  #draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
