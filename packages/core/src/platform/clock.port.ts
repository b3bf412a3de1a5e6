import type { CancellationSignal } from './cancellation.js';

/** A signal that aborts by itself when its time is over. */
export interface Deadline {
  /** Aborts with a `DEADLINE_EXCEEDED` error after the time, or with the parent's reason when the parent aborts. */
  readonly signal: CancellationSignal;
  /** Stops the timer and the listener on the parent. Call it in `finally`. */
  dispose(): void;
}

/** Time. Everything in Tenon that waits or expires asks this port, so that tests can move time by hand. */
export interface Clock {
  /** The current moment. */
  now(): Date;
  /** Milliseconds from an arbitrary start, never running backwards; for measuring durations. */
  monotonicMs(): number;
  /**
   * Resolves after `ms` milliseconds.
   * @throws the signal's reason, as soon as the signal aborts.
   */
  sleep(ms: number, signal?: CancellationSignal): Promise<void>;
  /** Starts a deadline of `ms` milliseconds, shortened by `parent` when given. */
  deadline(ms: number, parent?: CancellationSignal): Deadline;
}
