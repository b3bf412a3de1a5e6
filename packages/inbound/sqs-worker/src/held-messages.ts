import { isTenonError } from '@tenon/core/kernel';
import type { Clock, Logger, Queue, ReceivedMessage } from '@tenon/core';
import { codeOf } from './worker.errors.js';

/** Of whom messages are held, and how. */
export interface Holding {
  readonly queue: Queue;
  readonly queueName: string;
  readonly clock: Clock;
  readonly visibilityMs: number;
  readonly logger: Logger;
}

/** Waits before deleting again what could not be deleted. */
const DELETE_AGAIN_MS = [200, 400, 800];

/** The messages of one batch that this process has received and not yet settled. They stay hidden from others while it has them. */
export class HeldMessages {
  readonly #holding: Holding;
  readonly #open: Set<ReceivedMessage>;
  readonly #closing = new AbortController();
  readonly #beating: Promise<void>;
  #extending: Promise<boolean> = Promise.resolve(true);
  #finished: ReceivedMessage[] = [];
  #nextDelete: Promise<boolean> | null = null;
  #lastDelete: Promise<boolean> = Promise.resolve(true);

  constructor(holding: Holding, messages: readonly ReceivedMessage[]) {
    this.#holding = holding;
    this.#open = new Set(messages);
    this.#beating = this.#beat();
  }

  /**
   * Deletes a message; messages that finish while another is being deleted go together. False when it could not be deleted,
   * also not after some time: then it comes again. Never rejects.
   */
  acknowledge(message: ReceivedMessage): Promise<boolean> {
    this.#finished.push(message);
    this.#nextDelete ??= this.#lastDelete.then(() => {
      const messages = this.#finished;
      this.#finished = [];
      this.#nextDelete = null;
      this.#lastDelete = this.#delete(messages);
      return this.#lastDelete;
    });
    return this.#nextDelete;
  }

  /** Shows a message again after the time; with null when its visibility time-out is over. Never rejects. */
  async letGo(message: ReceivedMessage, delayMs: number | null): Promise<void> {
    this.#open.delete(message);
    if (delayMs !== null) await this.#release([message], delayMs);
  }

  /** Ends the holding and shows at once what was not settled. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#beating;
    const left = [...this.#open];
    this.#open.clear();
    if (left.length > 0) await this.#release(left, 0);
  }

  async #delete(messages: readonly ReceivedMessage[]): Promise<boolean> {
    const { queue, queueName, clock, logger } = this.#holding;
    try {
      for (let round = 0; ; round += 1) {
        try {
          await queue.acknowledge(queueName, messages);
          return true;
        } catch (error) {
          const wait = DELETE_AGAIN_MS[round];
          if (wait === undefined || (isTenonError(error) && !error.retryable)) {
            const messageIds = messages.map(({ id }) => id);
            logger.error('Messages are done but could not be deleted; they come again', {
              queue: queueName,
              messageIds,
              code: codeOf(error),
            });
            return false;
          }
          await clock.sleep(wait);
        }
      }
    } finally {
      // Until here they are kept hidden: a second worker must not begin what is done.
      for (const message of messages) this.#open.delete(message);
    }
  }

  async #release(messages: readonly ReceivedMessage[], delayMs: number): Promise<void> {
    const { queue, queueName, logger } = this.#holding;
    // A prolongation that is under way would hide them again.
    await this.#extending;
    await queue.release(queueName, messages, delayMs).catch((error: unknown) => {
      logger.warn('Messages could not be shown again; the visibility time-out decides', {
        queue: queueName,
        messageIds: messages.map(({ id }) => id),
        code: codeOf(error),
      });
    });
  }

  /** Prolongs the hiding in time; after a failure sooner, so that several tries are left before its end. */
  async #beat(): Promise<void> {
    const { clock, visibilityMs } = this.#holding;
    const { signal } = this.#closing;
    let waitMs = visibilityMs / 3;
    for (;;) {
      await clock.sleep(waitMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const extending = this.#extend();
      this.#extending = extending;
      waitMs = (await extending) ? visibilityMs / 3 : visibilityMs / 12;
    }
  }

  async #extend(): Promise<boolean> {
    if (this.#open.size === 0) return true;
    const { queue, queueName, visibilityMs, logger } = this.#holding;
    try {
      await queue.extend(queueName, [...this.#open], visibilityMs);
      return true;
    } catch (error) {
      logger.warn('Messages could not be kept hidden; trying again', {
        queue: queueName,
        code: codeOf(error),
      });
      return false;
    }
  }
}
