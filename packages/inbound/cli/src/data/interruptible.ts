import type { Io } from '../io.js';

/** Runs work that somebody may ask to stop. Null when it was stopped. @throws what the work throws. */
export async function interruptible<T>(
  io: Io,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const stop = new AbortController();
  const release = io.onStopRequest(() => {
    stop.abort();
  });
  try {
    return await work(stop.signal);
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return null;
    throw error;
  } finally {
    release();
  }
}
