import type { CancellationSignal } from './cancellation.js';
import type { Clock, Deadline } from './clock.port.js';

/** How long something may take. */
export interface TimeLimit {
  readonly clock: Clock;
  /** In milliseconds. */
  readonly timeoutMs: number;
  /** How long it may go on after its signal aborted. */
  readonly graceMs: number;
  readonly parent?: CancellationSignal;
}

/** Waits for the signal, and the grace after it. */
function patience(
  signal: CancellationSignal,
  limit: TimeLimit,
): { over: Promise<never>; end: () => void } {
  let grace: Deadline | null = null;
  let onAbort: () => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    onAbort = () => {
      grace = limit.clock.deadline(limit.graceMs);
      grace.signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  const end = (): void => {
    signal.removeEventListener('abort', onAbort);
    grace?.dispose();
  };
  return { over, end };
}

/**
 * Runs `work` under a signal that aborts when the time is over or the parent aborts. Work that does not end within the grace after
 * that is given up: it may go on in the background, its answer is ignored.
 * @throws what `work` throws, or the signal's reason.
 */
export async function within<T>(
  limit: TimeLimit,
  work: (signal: CancellationSignal) => Promise<T> | T,
): Promise<T> {
  const deadline = limit.clock.deadline(limit.timeoutMs, limit.parent);
  const { over, end } = patience(deadline.signal, limit);
  try {
    deadline.signal.throwIfAborted();
    const running = (async () => work(deadline.signal))();
    return await Promise.race([running, over]);
  } finally {
    end();
    deadline.dispose();
  }
}
