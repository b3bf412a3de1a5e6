import type { CancellationSignal } from './cancellation.js';

/** A message to send. */
export interface OutgoingMessage {
  readonly body: string;
  /** Not before this many milliseconds; 0 by default. At most `capabilities.maxDelayMs`. */
  readonly delayMs?: number;
  /** Messages of one group are received in order, one batch at a time. Needed on FIFO queues, ignored by others. */
  readonly groupId?: string;
  /** FIFO queues drop a second message with the same id within five minutes. */
  readonly deduplicationId?: string;
  /** String attributes beside the body, at most ten. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A message as received. */
export interface ReceivedMessage {
  readonly id: string;
  /** Names this receipt, not the message: each redelivery has another. */
  readonly receipt: string;
  readonly body: string;
  readonly groupId?: string;
  /** How often this message was received, this time included. */
  readonly receiveCount: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What to receive. */
export interface ReceiveRequest {
  readonly queue: string;
  /** 1 to 10. */
  readonly max: number;
  /** How long to wait for a first message, 0 to 20,000. */
  readonly waitMs: number;
  /** How long the messages stay hidden from others. */
  readonly visibilityMs: number;
  readonly signal?: CancellationSignal;
}

/** State of one queue, for health checks. Counts are approximate. */
export interface QueueStatus {
  readonly queue: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** How a queue is set up; null for what it does not have, or does not say. */
export interface QueueSetup {
  readonly queue: string;
  /** How long a received message stays hidden from others. */
  readonly visibilityMs: number | null;
  /** Receives after which a message goes to the queue's dead-letter queue; null when it has none. */
  readonly maxReceives: number | null;
  readonly retentionMs: number | null;
}

/** Differences between queue technologies, as data. */
export interface QueueCapabilities {
  readonly maxBodyBytes: number;
  readonly maxDelayMs: number;
  /** Messages survive the process. */
  readonly durable: boolean;
}

/**
 * Queues by logical name. Delivery is at least once: consumers must be idempotent.
 * A queue whose logical name ends in `.fifo` is a FIFO queue.
 */
export interface Queue {
  readonly capabilities: QueueCapabilities;
  /**
   * Sends any number of messages, in the technology's batches.
   * @throws TenonError `QUEUE_MESSAGE_TOO_LARGE` (names index and size; nothing was sent), `QUEUE_UNKNOWN`,
   * `QUEUE_INVALID_MESSAGE`, or `QUEUE_SEND_FAILED` (retryable; `details.failed` lists the indices that were not sent).
   */
  send(queue: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Receives up to `max` messages; an empty list after `waitMs` without any, or when the signal aborts. */
  receive(request: ReceiveRequest): Promise<readonly ReceivedMessage[]>;
  /** Deletes messages. Unknown or outdated receipts are ignored. */
  acknowledge(queue: string, messages: readonly ReceivedMessage[]): Promise<void>;
  /** Makes messages visible again after `delayMs`. */
  release(queue: string, messages: readonly ReceivedMessage[], delayMs: number): Promise<void>;
  /** Hides messages for `visibilityMs` from now. */
  extend(queue: string, messages: readonly ReceivedMessage[], visibilityMs: number): Promise<void>;
  /** Status of every queue. @throws TenonError `QUEUE_UNAVAILABLE`. */
  status(): Promise<readonly QueueStatus[]>;
  /** How every queue is set up, where the technology can be asked. @throws TenonError `QUEUE_UNAVAILABLE`. */
  inspect?(): Promise<readonly QueueSetup[]>;
  /** Frees sockets and timers. Idempotent. */
  close(): Promise<void>;
}
