import { BatchOrder, NONE } from './batch-order.js';

/** What became of one message: null when it is done, else the wait before it is shown again (null: the queue's own). */
export type Disposition = null | { readonly delayMs: number | null };

/** Left alone: the queue shows it again. */
export const LEFT: Disposition = { delayMs: null };

/** How to work through batches. */
export interface BatchPlan<Message, Result> {
  readonly concurrency: number;
  readonly handle: (message: Message) => Result | PromiseLike<Result>;
  /** What an answer of `handle` means. */
  readonly accept: (result: Result) => Disposition;
  /** What an error of `handle` means. What it throws itself fails the batch. */
  readonly fail: (error: unknown, message: Message) => Disposition | Promise<Disposition>;
  /** The group of a message on a FIFO queue; null where messages have no order. */
  readonly groupOf: ((message: Message) => string) | null;
}

/** Cuts a batch short. */
export interface BatchControl {
  /** Begins nothing more; waits for what has begun. */
  hold(): void;
  /** Waits no longer: answers what is known. */
  giveUp(): void;
}

/** Is told of a batch, once, when its work takes longer than a turn of the event loop. */
export interface BatchWatcher {
  watch(batch: BatchControl): void;
}

/** A batch and who wants to know of it. */
export interface Batch<Message> {
  readonly messages: readonly Message[];
  readonly watcher: BatchWatcher;
}

interface Outcome {
  readonly resolve: (dispositions: Disposition[]) => void;
  readonly reject: (error: unknown) => void;
}

class BatchRun<Message, Result> implements BatchControl {
  readonly #plan: BatchPlan<Message, Result>;
  readonly #batch: Batch<Message>;
  readonly #outcome: Outcome;
  /** Has a hole for each message that is not settled. */
  readonly #settled: Disposition[];
  readonly #order: BatchOrder;
  readonly #waiting: NodeJS.Immediate;
  #lanes = 0;
  #done = 0;
  #held = false;

  /** Begins with one lane: work that never waits gains nothing from more. They open at the next turn of the event loop. */
  constructor(plan: BatchPlan<Message, Result>, batch: Batch<Message>, outcome: Outcome) {
    const { messages } = batch;
    this.#plan = plan;
    this.#batch = batch;
    this.#outcome = outcome;
    this.#settled = new Array<Disposition>(messages.length);
    this.#order = new BatchOrder(messages.length, plan.groupOf && messages.map(plan.groupOf));
    this.#waiting = setImmediate(widen, this);
    void this.#lane();
  }

  widen(): void {
    this.#batch.watcher.watch(this);
    const more = Math.min(this.#plan.concurrency - 1, this.#order.ready);
    for (let lane = 0; lane < more; lane += 1) void this.#lane();
  }

  hold(): void {
    this.#held = true;
  }

  giveUp(): void {
    this.#answer();
  }

  /** Works on one message after another. The try stands here and not in a function of its own: that would cost every message a promise. */
  async #lane(): Promise<void> {
    const { handle, accept } = this.#plan;
    const { messages } = this.#batch;
    this.#lanes += 1;
    let index = this.#order.take();
    while (index !== NONE && !this.#held) {
      const message = messages[index] as Message;
      let disposition: Disposition;
      try {
        disposition = accept(await handle(message));
      } catch (error) {
        disposition = await this.#fail(error, message);
      }
      index = this.#settle(index, disposition);
    }
    this.#lanes -= 1;
    if (this.#lanes > 0) return;
    clearImmediate(this.#waiting);
    this.#answer();
  }

  async #fail(error: unknown, message: Message): Promise<Disposition> {
    try {
      return await this.#plan.fail(error, message);
    } catch (failure) {
      this.#outcome.reject(failure);
      return LEFT;
    }
  }

  /** Notes what became of a message and answers the next one. What stands behind a failure shares its fate. */
  #settle(index: number, disposition: Disposition): number {
    this.#settled[index] = disposition;
    const follower = this.#order.follower(index);
    if (disposition === null) {
      this.#done += 1;
      return follower === NONE ? this.#order.take() : follower;
    }
    for (let next = follower; next !== NONE; next = this.#order.follower(next))
      this.#settled[next] = disposition;
    return this.#order.take();
  }

  #answer(): void {
    const { length } = this.#settled;
    if (this.#done === length) {
      this.#outcome.resolve(this.#settled);
      return;
    }
    // A copy: work that was given up may still settle, but what was answered must not change under the caller.
    const settled: readonly (Disposition | undefined)[] = this.#settled;
    this.#outcome.resolve(
      Array.from({ length }, (_, index) => (settled[index] === undefined ? LEFT : settled[index])),
    );
  }
}

// A function of its own: a closure for each batch costs what ten messages leave to spare.
function widen(run: { widen(): void }): void {
  run.widen();
}

/**
 * Handles every message, at most `concurrency` at once, one after another within a group. After a failure the rest of its
 * group is left alone, so that nothing later is acknowledged before it. Answers one disposition per message, in order.
 */
export function runBatch<Message, Result>(
  plan: BatchPlan<Message, Result>,
  batch: Batch<Message>,
): Promise<Disposition[]> {
  return new Promise((resolve, reject) => {
    new BatchRun(plan, batch, { resolve, reject });
  });
}
