import type { CancellationSignal } from './cancellation.js';
import { CancelledError } from './common.errors.js';

/** Aborts when either does. It holds listeners on its sources only while somebody listens to it. */
class LinkedSignal implements CancellationSignal {
  readonly #sources: readonly [CancellationSignal, CancellationSignal];
  readonly #once = new Map<() => void, () => void>();

  constructor(sources: readonly [CancellationSignal, CancellationSignal]) {
    this.#sources = sources;
  }

  get aborted(): boolean {
    return this.#sources[0].aborted || this.#sources[1].aborted;
  }

  get reason(): unknown {
    return this.#sources[0].aborted ? this.#sources[0].reason : this.#sources[1].reason;
  }

  addEventListener(type: 'abort', listener: () => void): void {
    const once = (): void => {
      this.removeEventListener(type, listener);
      listener();
    };
    this.#once.set(listener, once);
    for (const source of this.#sources) source.addEventListener(type, once, { once: true });
  }

  removeEventListener(type: 'abort', listener: () => void): void {
    const once = this.#once.get(listener);
    if (!once) return;
    this.#once.delete(listener);
    for (const source of this.#sources) source.removeEventListener(type, once);
  }

  throwIfAborted(): void {
    for (const source of this.#sources) source.throwIfAborted();
  }
}

/** A signal that aborts when any of the two does; undefined when there is none. */
export function linkSignals(
  a: CancellationSignal | undefined,
  b: CancellationSignal | undefined,
): CancellationSignal | undefined {
  if (!a || a === b) return b;
  return b ? new LinkedSignal([a, b]) : a;
}

/** Why a signal aborted, as an error. */
export function abortReason(signal: CancellationSignal): Error {
  const { reason } = signal;
  return reason instanceof Error ? reason : new CancelledError(undefined, reason);
}

/** Calls `listener` when the signal aborts, at once when it has. */
export function onAbort(signal: CancellationSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}

/**
 * Waits for `work`, or for the signal: the work goes on, the caller does not.
 * @throws what `work` throws, or the signal's reason.
 */
export async function abandonable<T>(
  work: Promise<T>,
  signal: CancellationSignal | undefined,
): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  let listener: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    listener = () => reject(abortReason(signal));
    signal.addEventListener('abort', listener, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
}
