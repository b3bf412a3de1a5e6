import { DeadlineExceededError, rejectUnknownKeys } from '@tenon/core';
import type { CancellationSignal, Clock, Deadline } from '@tenon/core';

/** Options of {@link TestClock}. */
export interface TestClockOptions {
  /** The first moment. Default: 2026-01-01T00:00:00Z. */
  readonly start?: Date;
  /** Whether a sleep moves the time by itself, so that nobody has to call `advance`. Default: false. */
  readonly autoAdvance?: boolean;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

const DEFAULT_START = new Date('2026-01-01T00:00:00.000Z');

/** A clock that a test moves by hand. Sleeps and deadlines end when their moment is reached, in order. */
export class TestClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #start: number;
  readonly #autoAdvance: boolean;
  #now: number;
  #order = 0;

  constructor(options: TestClockOptions = {}) {
    rejectUnknownKeys('TestClock', options, ['start', 'autoAdvance']);
    this.#start = (options.start ?? DEFAULT_START).getTime();
    this.#autoAdvance = options.autoAdvance ?? false;
    this.#now = this.#start;
  }

  now(): Date {
    return new Date(this.#now);
  }

  monotonicMs(): number {
    return this.#now - this.#start;
  }

  /** How many sleeps and deadlines wait for their moment. */
  get waiting(): number {
    return this.#timers.size;
  }

  sleep(ms: number, signal?: CancellationSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = this.#add(ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      const onAbort = (): void => {
        this.#timers.delete(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (this.#autoAdvance) setImmediate(() => void this.#moveTo(timer.at));
    });
  }

  deadline(ms: number, parent?: CancellationSignal): Deadline {
    const controller = new AbortController();
    const timer = this.#add(ms, () => {
      parent?.removeEventListener('abort', onParent);
      controller.abort(new DeadlineExceededError(ms));
    });
    const stop = (): void => {
      this.#timers.delete(timer);
      parent?.removeEventListener('abort', onParent);
    };
    const onParent = (): void => {
      stop();
      controller.abort(parent?.reason);
    };
    if (parent?.aborted) onParent();
    else parent?.addEventListener('abort', onParent, { once: true });
    return { signal: controller.signal, dispose: stop };
  }

  /**
   * Moves the time forward, stopping at every moment at which something waits, and lets what was woken go on before
   * the next one: a loop of sleeps runs as often as it would in that time.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError(`Time only moves forward, not by ${ms} ms`);
    await settle();
    await this.#moveTo(this.#now + ms);
  }

  /** Sets the time without waking anybody, also backwards: the clock of another machine, or one that was adjusted. */
  jumpTo(moment: Date): void {
    this.#now = moment.getTime();
  }

  async #moveTo(end: number): Promise<void> {
    for (;;) {
      const next = this.#nextUntil(end);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
      await settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  #nextUntil(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }

  #add(ms: number, fire: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, ms), order: (this.#order += 1), fire };
    this.#timers.add(timer);
    return timer;
  }
}

/** Lets promises that are ready go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
