import { TenonError, UnavailableError, validateOptions } from '@tenon/core';
import type {
  CancellationSignal,
  Clock,
  IdGenerator,
  OutgoingMessage,
  Queue,
  QueueCapabilities,
  QueueStatus,
  ReceivedMessage,
  ReceiveRequest,
} from '@tenon/core';
import { problemOf, sizeOf } from './message-rules.js';
import { MessageStore } from './message-store.js';

/** Options of {@link createMemoryQueue}. */
export interface MemoryQueueOptions {
  /** Logical names. Names that end in `.fifo` are FIFO queues. */
  readonly queues: readonly string[];
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Largest message, attributes included, in UTF-8 bytes. Default: 1,048,576, as SQS. */
  readonly maxBodyBytes?: number;
  /** Longest delay. Default: 900,000 (15 minutes), as SQS. */
  readonly maxDelayMs?: number;
}

/** As SQS: more are not received at once. */
const MAX_RECEIVE = 10;

function closed(): TenonError {
  return new UnavailableError('QUEUE_UNAVAILABLE', 'The queue is closed');
}

/** Queues in the memory of one process: for tests and throw-away runs. Behaves like SQS; loses everything with the process. */
export class MemoryQueue implements Queue {
  readonly capabilities: QueueCapabilities;
  readonly #options: Required<MemoryQueueOptions>;
  readonly #stores = new Map<string, MessageStore>();
  #closed = false;

  constructor(options: MemoryQueueOptions) {
    this.#options = validateOptions<Required<MemoryQueueOptions>>('MemoryQueue', options, {
      required: ['queues', 'clock', 'ids'],
      defaults: { maxBodyBytes: 1_048_576, maxDelayMs: 900_000 },
    });
    this.capabilities = {
      maxBodyBytes: this.#options.maxBodyBytes,
      maxDelayMs: this.#options.maxDelayMs,
      durable: false,
    };
    for (const name of this.#options.queues)
      this.#stores.set(name, new MessageStore(name.endsWith('.fifo')));
  }

  send(queue: string, messages: readonly OutgoingMessage[]): Promise<void> {
    return this.#guard(() => {
      const store = this.#store(queue);
      messages.forEach((message, index) => {
        this.#check(queue, message, index);
      });
      const now = this.#options.clock.now().getTime();
      for (const message of messages) store.add(this.#options.ids.next(), message, now);
    });
  }

  async receive(request: ReceiveRequest): Promise<readonly ReceivedMessage[]> {
    const store = await this.#guard(() => this.#store(request.queue));
    const { clock, ids } = this.#options;
    const end = clock.now().getTime() + request.waitMs;
    for (;;) {
      if (this.#closed || request.signal?.aborted) return [];
      const now = clock.now().getTime();
      const found = store.take({
        max: Math.min(MAX_RECEIVE, Math.max(1, request.max)),
        now,
        hiddenUntil: now + request.visibilityMs,
        newReceipt: () => ids.next(),
      });
      if (found.length > 0 || now >= end) return found;
      const wait = Math.min(end, store.nextVisibleAt(now) ?? end) - now;
      await this.#nextChange(store, wait, request.signal);
    }
  }

  acknowledge(queue: string, messages: readonly ReceivedMessage[]): Promise<void> {
    return this.#guard(() => {
      const store = this.#store(queue);
      for (const message of messages) store.remove(message.receipt);
    });
  }

  release(queue: string, messages: readonly ReceivedMessage[], delayMs: number): Promise<void> {
    return this.extend(queue, messages, delayMs);
  }

  extend(queue: string, messages: readonly ReceivedMessage[], visibilityMs: number): Promise<void> {
    return this.#guard(() => {
      const store = this.#store(queue);
      const now = this.#options.clock.now().getTime();
      for (const message of messages) store.hide(message.receipt, now + visibilityMs);
    });
  }

  status(): Promise<readonly QueueStatus[]> {
    return this.#guard(() => {
      const now = this.#options.clock.now().getTime();
      return [...this.#stores].map(([queue, store]) => ({ queue, ...store.count(now) }));
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const store of this.#stores.values()) store.wake();
    return Promise.resolve();
  }

  #guard<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.#closed) throw closed();
      resolve(work());
    });
  }

  async #nextChange(
    store: MessageStore,
    ms: number,
    signal: CancellationSignal | undefined,
  ): Promise<void> {
    const deadline = this.#options.clock.deadline(Math.max(1, ms), signal);
    try {
      await store.changed(deadline.signal);
    } finally {
      deadline.dispose();
    }
  }

  #store(queue: string): MessageStore {
    const store = this.#stores.get(queue);
    if (store) return store;
    throw new TenonError({
      code: 'QUEUE_UNKNOWN',
      category: 'misconfigured',
      message: `There is no queue '${queue}'; known queues: ${[...this.#stores.keys()].join(', ')}`,
    });
  }

  #check(queue: string, message: OutgoingMessage, index: number): void {
    const limits = this.#options;
    const problem = problemOf(queue, message, limits.maxDelayMs);
    const bytes = sizeOf(message);
    if (bytes > limits.maxBodyBytes) {
      throw new TenonError({
        code: 'QUEUE_MESSAGE_TOO_LARGE',
        category: 'too_large',
        message: `Message ${index} for the queue '${queue}' has ${bytes} bytes; the limit is ${limits.maxBodyBytes}. Store the data and send its id`,
        details: { index, bytes, limit: limits.maxBodyBytes },
      });
    }
    if (problem === null) return;
    throw new TenonError({
      code: 'QUEUE_INVALID_MESSAGE',
      category: 'validation',
      message: `Message ${index} for the queue '${queue}': ${problem}`,
      details: { index },
    });
  }
}

/** Makes queues in memory. @throws MisconfiguredError for unknown or missing options. */
export function createMemoryQueue(options: MemoryQueueOptions): MemoryQueue {
  return new MemoryQueue(options);
}
