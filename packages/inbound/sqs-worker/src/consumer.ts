import { silentLogger, validateOptions } from '@tenon/core/kernel';
import type { CancellationSignal, Clock, Logger, Queue, ReceivedMessage } from '@tenon/core';
import { LEFT, runBatch } from './batch.js';
import type { BatchControl, BatchPlan, Disposition } from './batch.js';
import { HeldMessages } from './held-messages.js';
import { requireAtLeast } from './options-check.js';
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
/** How long work may go on after its signal aborted, before `stop` goes on without it. */
const ABORT_MS = 5_000;

/** Long-polls a queue in a container. `start` once, `stop` once; the instance is not started again. */
export class Consumer {
  readonly #settings: Settings;
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  readonly #batches = new Set<BatchControl>();
  #lanes: Promise<void>[] = [];
  #stopped: Promise<void> | null = null;

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
    requireAtLeast('Consumer', this.#settings, {
      batches: 1,
      concurrency: 1,
      visibilityMs: 1,
      waitMs: 1,
      graceMs: 0,
    });
  }

  /** Begins to receive. */
  start(): void {
    if (this.#lanes.length > 0) return;
    this.#lanes = Array.from({ length: this.#settings.batches }, () => this.#lane());
  }

  /**
   * Stops receiving and begins nothing more, waits up to `graceMs` for work in hand, aborts its signal and gives it another
   * five seconds. Messages that were not finished are shown again at once. Idempotent.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    for (const batch of this.#batches) batch.hold();
    const finished = new AbortController();
    const escalating = this.#escalate(finished.signal).catch(() => undefined);
    await Promise.all(this.#lanes);
    finished.abort();
    await escalating;
  }

  async #escalate(finished: CancellationSignal): Promise<void> {
    const { clock, graceMs, logger, queueName } = this.#settings;
    await clock.sleep(graceMs, finished);
    this.#aborting.abort();
    await clock.sleep(ABORT_MS, finished);
    logger.error('Work does not end though it was told to; its messages are shown again', {
      queue: queueName,
    });
    for (const batch of this.#batches) batch.giveUp();
  }

  async #lane(): Promise<void> {
    let backoff = MIN_BACKOFF_MS;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#workOn(await this.#receive());
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

  #receive(): Promise<readonly ReceivedMessage[]> {
    const { queue, queueName, waitMs, visibilityMs } = this.#settings;
    const { signal } = this.#stopping;
    return queue.receive({ queue: queueName, max: 10, waitMs, visibilityMs, signal });
  }

  async #workOn(messages: readonly ReceivedMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const held = new HeldMessages(this.#settings, messages);
    const watched: BatchControl[] = [];
    const watch = (control: BatchControl): void => {
      watched.push(control);
      this.#batches.add(control);
      if (this.#stopping.signal.aborted) control.hold();
    };
    try {
      if (this.#stopping.signal.aborted) return;
      await runBatch(this.#planFor(held), { messages, watcher: { watch } });
    } finally {
      for (const control of watched) this.#batches.delete(control);
      // What is left did not begin, stood behind a failure of its group, or was given up.
      await held.close();
    }
  }

  #planFor(held: HeldMessages): BatchPlan<ReceivedMessage, Disposition> {
    const { concurrency, queueName } = this.#settings;
    return {
      concurrency,
      handle: (message) => this.#one(message, held),
      accept: (disposition) => disposition,
      fail: () => LEFT,
      groupOf: queueName.endsWith('.fifo') ? groupOf : null,
    };
  }

  /** Settles a message as soon as it is done, so that a slow neighbour does not hold it back. */
  async #one(message: ReceivedMessage, held: HeldMessages): Promise<Disposition> {
    const disposition = await this.#handled(message);
    if (disposition === null) return (await held.acknowledge(message)) ? null : LEFT;
    const soon = this.#aborting.signal.aborted ? 0 : null;
    await held.letGo(message, disposition.delayMs ?? soon);
    return disposition;
  }

  async #handled(message: ReceivedMessage): Promise<Disposition> {
    try {
      return await this.#settings.handle(message, this.#aborting.signal);
    } catch (error) {
      this.#settings.logger.error('A message handler threw', {
        queue: this.#settings.queueName,
        messageId: message.id,
        code: codeOf(error),
      });
      return LEFT;
    }
  }
}

function groupOf(message: ReceivedMessage): string {
  return message.groupId ?? '';
}
