import { DeadlineExceededError } from '@tenon/core';
import type { CancellationSignal, Clock, Deadline } from '@tenon/core';

/** Node fires timers above this at once; longer waits are made of several. */
const MAX_TIMER_MS = 2_147_483_647;

/** A timer of any length. The answer stops it. */
function after(ms: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const arm = (left: number): void => {
    if (left === Infinity) return;
    const step = Math.min(left, MAX_TIMER_MS);
    timer = setTimeout(() => {
      if (left > step) arm(left - step);
      else callback();
    }, step);
  };
  arm(Math.max(0, ms));
  return () => {
    clearTimeout(timer);
  };
}

/** Makes timer and signal when somebody first reads the signal: most deadlines are never looked at. */
class SystemDeadline implements Deadline {
  #controller: AbortController | undefined;
  #stopTimer: (() => void) | undefined;
  #disposed = false;
  readonly #startedAt = performance.now();

  constructor(
    private readonly ms: number,
    private readonly parent: CancellationSignal | undefined,
  ) {}

  get signal(): AbortSignal {
    this.#controller ??= this.#start();
    return this.#controller.signal;
  }

  dispose(): void {
    this.#disposed = true;
    this.#stopTimer?.();
    this.parent?.removeEventListener('abort', this.#onParent);
  }

  #start(): AbortController {
    const controller = new AbortController();
    const left = this.ms - (performance.now() - this.#startedAt);
    const expire = (): void => {
      controller.abort(new DeadlineExceededError(this.ms));
      this.parent?.removeEventListener('abort', this.#onParent);
    };
    if (this.parent?.aborted) controller.abort(this.parent.reason);
    else if (this.#disposed) return controller;
    else if (left <= 0) expire();
    else {
      // The timer holds the process: whoever waits for this signal would otherwise wait for nothing. `dispose` lets it go.
      this.#stopTimer = after(left, expire);
      this.parent?.addEventListener('abort', this.#onParent, { once: true });
    }
    return controller;
  }

  readonly #onParent = (): void => {
    this.#stopTimer?.();
    this.#controller?.abort(this.parent?.reason);
  };
}

/** The system's time. Signals of its deadlines are real `AbortSignal`s. */
export class SystemClock implements Clock {
  now(): Date {
    return new Date();
  }

  monotonicMs(): number {
    return performance.now();
  }

  sleep(ms: number, signal?: CancellationSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = (): void => {
        stop();

        reject(signal?.reason);
      };
      const stop = after(ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  deadline(ms: number, parent?: CancellationSignal): Deadline {
    return new SystemDeadline(ms, parent);
  }
}
