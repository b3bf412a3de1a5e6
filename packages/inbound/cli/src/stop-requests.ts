import { Bell } from './bell.js';
import type { Io } from './io.js';

/** The first and the second request to stop, as promises. */
export interface StopRequests {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
  /** Asks to stop, as a signal does. */
  request(): void;
  /** Listens no longer. */
  release(): void;
}

/** Listens from now on, so that no request is lost while something still starts. */
export function listenForStop(io: Io): StopRequests {
  const first = new Bell();
  const second = new Bell();
  const request = (): void => {
    (first.rung ? second : first).ring();
  };
  const release = io.onStopRequest(request);
  return { first: first.wait(), second: second.wait(), request, release };
}
