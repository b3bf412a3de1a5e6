import type { OutgoingMessage, Queue } from '../platform/queue.port.js';

/** A message that was not sent. */
export interface HeldMessage {
  readonly queue: string;
  readonly message: OutgoingMessage;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Keeps what is sent, for whoever works on it here. */
export class HeldQueue implements Queue {
  readonly capabilities: Queue['capabilities'];
  #held: HeldMessage[] = [];
  #room: number;

  /** Keeps the first `room` messages and sends the others to `queue`; without one it keeps all of them, however long they wait. */
  constructor(
    private readonly options: {
      readonly queue: Queue;
      readonly send: boolean;
      readonly room: number;
    },
  ) {
    this.#room = options.send ? options.room : Infinity;
    const { capabilities } = options.queue;
    this.capabilities = options.send
      ? capabilities
      : { ...capabilities, maxDelayMs: 15 * DAY_MS, durable: false };
  }

  async send(queue: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const kept = messages.slice(0, this.#room);
    const others = messages.slice(kept.length);
    if (others.length > 0) await this.options.queue.send(queue, others);
    this.#room -= kept.length;
    this.#held.push(...kept.map((message) => ({ queue, message })));
  }

  /** Takes the oldest message that is kept. */
  take(): HeldMessage | null {
    return this.#held.shift() ?? null;
  }

  /** Sends what is still kept, where messages are sent. Answers what was kept. */
  async letGo(): Promise<readonly HeldMessage[]> {
    const held = this.#held;
    this.#held = [];
    if (!this.options.send) return held;
    for (const { queue, message } of held) await this.options.queue.send(queue, [message]);
    return held;
  }

  receive(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }

  acknowledge(): Promise<void> {
    return Promise.resolve();
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  extend(): Promise<void> {
    return Promise.resolve();
  }

  status(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
