import { silentLogger, validateOptions } from '@tenon/core';
import type { CancellationSignal, Clock, Logger, Queue, ReceivedMessage } from '@tenon/core';
import { runBatch } from './batch.js';
import type { Disposition } from './batch.js';
import { codeOf } from './worker.errors.js';

/** Options of {@link Consumer}. */
export interface ConsumerOptions {
  readonly queue: Queue;
  readonly queueName: string;
  /** Works on one message; answers null when it may be deleted, else when to show it again. */
  readonly handle: (message: ReceivedMessage, signal: CancellationSignal) => Promise<Disposition>;
  readonly clock: Clock;
  /** Batches at once; each has up to ten messages. Default: 2. */
  readonly batches?: number;
  /** Messages of a batch at once. Default: 10. */
  readonly concurrency?: number;
  /** How long received messages stay hidden; prolonged while their work runs. Default: 60,000. */
  readonly visibilityMs?: number;
  /** Longest wait of one receive. Default: 20,000. */
  readonly waitMs?: number;
  /** How long `stop` waits for work before its signal aborts. Default: 25,000. */
  readonly graceMs?: number;
  readonly logger?: Logger;
}

type Settings = Required<ConsumerOptions>;

const MIN_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 30_000;

/** Long-polls a queue in a container. `start` once, `stop` once; the instance is not started again. */
export class Consumer {
  readonly #settings: Settings;
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  #lanes: Promise<void>[] = [];

  constructor(options: ConsumerOptions) {
    this.#settings = validateOptions<Settings>('Consumer', options, {
      required: ['queue', 'queueName', 'handle', 'clock'],
      defaults: {
        batches: 2,
        concurrency: 10,
        visibilityMs: 60_000,
        waitMs: 20_000,
        graceMs: 25_000,
        logger: silentLogger,
      },
    });
  }

  /** Begins to receive. */
  start(): void {
    if (this.#lanes.length > 0) return;
    this.#lanes = Array.from({ length: this.#settings.batches }, () => this.#lane());
  }

  /**
   * Stops receiving, waits up to `graceMs` for work in hand, then aborts its signal and waits for it to give up. Messages that
   * were not finished are shown again at once.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const { clock, graceMs } = this.#settings;
    const finished = Promise.all(this.#lanes);
    const over = new AbortController();
    const grace = clock.sleep(graceMs, over.signal).then(
      () => {
        this.#aborting.abort();
      },
      () => undefined,
    );
    await finished;
    over.abort();
    await grace;
  }

  async #lane(): Promise<void> {
    let backoff = MIN_BACKOFF_MS;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#receiveOnce();
        backoff = MIN_BACKOFF_MS;
      } catch (error) {
        this.#settings.logger.error('Receiving from the queue failed; trying again', {
          queue: this.#settings.queueName,
          code: codeOf(error),
          backoffMs: backoff,
        });
        await this.#settings.clock.sleep(backoff, this.#stopping.signal).catch(() => undefined);
        backoff = Math.min(MAX_BACKOFF_MS, backoff * 2);
      }
    }
  }

  async #receiveOnce(): Promise<void> {
    const { queue, queueName, waitMs, visibilityMs, concurrency } = this.#settings;
    const messages = await queue.receive({
      queue: queueName,
      max: 10,
      waitMs,
      visibilityMs,
      signal: this.#stopping.signal,
    });
    if (messages.length === 0) return;
    const open = new Set(messages);
    const stopExtending = this.#keepHidden(open);
    try {
      await runBatch<ReceivedMessage>({
        messages,
        concurrency,
        groupOf: (message) => (queueName.endsWith('.fifo') ? (message.groupId ?? '') : null),
        handle: (message) => this.#one(message, open),
      });
      // What is left was behind a failed message of its group.
      if (open.size > 0) await queue.release(queueName, [...open], 0);
    } finally {
      await stopExtending();
    }
  }

  /** Settles each message as soon as it is done, so that a slow neighbour does not hold it back. */
  async #one(message: ReceivedMessage, open: Set<ReceivedMessage>): Promise<Disposition> {
    const { queue, queueName, handle } = this.#settings;
    const disposition = await handle(message, this.#aborting.signal).catch((error: unknown) => {
      this.#settings.logger.error('A message handler threw', {
        messageId: message.id,
        code: codeOf(error),
      });
      return { delayMs: null };
    });
    open.delete(message);
    if (disposition === null) await queue.acknowledge(queueName, [message]);
    else if (disposition.delayMs !== null)
      await queue.release(queueName, [message], disposition.delayMs);
    return disposition;
  }

  /** Prolongs the hiding of open messages until it is told to stop. */
  #keepHidden(open: ReadonlySet<ReceivedMessage>): () => Promise<void> {
    const { clock, queue, queueName, visibilityMs, logger } = this.#settings;
    const done = new AbortController();
    const beat = async (): Promise<void> => {
      while (!done.signal.aborted) {
        await clock.sleep(visibilityMs / 2, done.signal);
        if (open.size > 0) await queue.extend(queueName, [...open], visibilityMs);
      }
    };
    const beating = beat().catch((error: unknown) => {
      if (!done.signal.aborted)
        logger.warn('Messages could not be kept hidden', { queue: queueName, code: codeOf(error) });
    });
    return () => {
      done.abort();
      return beating;
    };
  }
}
