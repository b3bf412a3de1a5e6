import type { CancellationSignal } from '../platform/cancellation.js';

/** A job message as a worker received it. */
export interface JobDelivery {
  /** Body of the queue message. */
  readonly body: string;
  /** Logical name of the queue it came from. */
  readonly queue: string;
  /** The queue's id of the message. */
  readonly messageId: string;
  readonly groupId: string | null;
  readonly receiveCount: number;
  /** Aborts shortly before the message becomes visible to others, or when the process shuts down. */
  readonly signal: CancellationSignal;
}

/**
 * What to do with the queue message. `ack`: its fate is stored (done, put off, parked, dead); delete it.
 * `retry`: nothing is stored (another worker is at it, the database is away, FIFO order must hold); leave it on the queue
 * and show it again after `delayMs`.
 */
export type JobOutcome =
  | {
      readonly decision: 'ack';
      readonly result:
        'done' | 'duplicate' | 'retry_later' | 'deferred' | 'parked' | 'dead' | 'dropped';
    }
  | { readonly decision: 'retry'; readonly delayMs: number; readonly reason: string };
