import type { Schedule } from './schedule.js';

/** Whose timer it is. */
export type TimerKey = Pick<Schedule, 'tenantId' | 'id'>;

/** What a schedule's timer is to be. */
export type TimerPlan =
  /** Changes whenever the timer is to be another. */
  | { readonly kept: true; readonly fingerprint: string }
  /** The scheduler cannot have a timer for it; the tick alone starts it. `reason` is for people. */
  | { readonly kept: false; readonly reason: string };

/** A timer that a scheduler has. */
export interface KeptTimer extends TimerKey {
  readonly fingerprint: string;
}

/** Timers, and where the next page begins; null at the end. */
export interface TimerPage {
  readonly timers: readonly KeptTimer[];
  readonly next: string | null;
}

/**
 * Wakes the app when a stored schedule is due: it calls `schedules.fire`. It may wake it twice, late, or not at all: whether a time
 * starts a run is decided where the schedule is claimed, and what no timer woke is found by the tick.
 */
export interface Scheduler {
  /** What `ensure` would make. Asks nobody. */
  plan(schedule: Schedule): TimerPlan;
  /** Makes the timer as the schedule is, and none beside it. Idempotent. @throws TenonError `SCHEDULER_UNAVAILABLE`, `MISCONFIGURED`. */
  ensure(schedule: Schedule): Promise<TimerPlan>;
  /** Removes every timer of the schedule; there may be none. */
  remove(timer: TimerKey): Promise<void>;
  /** The timers that there are, in pages. A schedule may have several while it is changed. */
  list(after: string | null): Promise<TimerPage>;
  /** Frees sockets. Idempotent. */
  close(): Promise<void>;
}
