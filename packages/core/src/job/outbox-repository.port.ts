import type { OutgoingJob, OutgoingJobId } from './job.js';

/** Jobs that were committed with other changes and wait to be handed to the queue. */
export interface OutboxRepository {
  /** Adds in one statement. `availableAt`: not handed over by a relay before this time (the writer sends them itself at once). */
  add(jobs: readonly OutgoingJob[], availableAt: Date, at: Date): Promise<void>;
  /** Removes entries that were sent. Unknown ids are ignored. */
  remove(ids: readonly OutgoingJobId[]): Promise<void>;
  /**
   * Takes the oldest entries that are due and hides them until `hiddenUntil`, so that two relays do not send the same ones
   * unless the first one dies. Skips rows that another relay is taking.
   */
  take(limit: number, now: Date, hiddenUntil: Date): Promise<readonly OutgoingJob[]>;
  /** How many wait, and since when the oldest. */
  status(): Promise<{ readonly waiting: number; readonly oldestAt: Date | null }>;
}
