import type { CancellationSignal, Logger } from '@tenon/core';
import type { BatchControl, BatchWatcher } from './batch.js';
import type { LambdaContext } from './sqs-event.js';
import { invocationOver } from './worker.errors.js';

/** How long before the end of the invocation its signal aborts; a fifth of short ones. */
const MARGIN_MS = 1_000;

/** What the records of one invocation share. Makes signal and timers when they are needed, not before. */
export class InvocationScope implements BatchWatcher {
  #controller: AbortController | null = null;
  #timer: NodeJS.Timeout | null = null;
  #over: Error | null = null;

  constructor(
    private readonly context: LambdaContext | undefined,
    readonly logger: Logger,
    readonly recordTimeoutMs: number | undefined,
  ) {}

  get requestId(): string {
    return this.context?.awsRequestId ?? 'local';
  }

  /** Aborts near the end of the invocation. */
  get signal(): CancellationSignal {
    this.#controller ??= new AbortController();
    if (this.#over) this.#controller.abort(this.#over);
    return this.#controller.signal;
  }

  /**
   * Aborts the signal near the end of the invocation and begins nothing more, and half a margin later gives up on work that did not listen: the
   * answer of the batch must leave before Lambda ends the invocation, or what was done would be done again.
   */
  watch(batch: BatchControl): void {
    const remaining = this.context?.getRemainingTimeInMillis?.();
    if (remaining === undefined) return;
    const margin = Math.min(MARGIN_MS, remaining / 5);
    this.#wait(remaining - margin, () => {
      this.#over = invocationOver(remaining);
      this.#controller?.abort(this.#over);
      batch.hold();
      this.#wait(margin / 2, () => {
        this.logger.error(
          'The invocation ends before its messages; the unfinished are shown again',
          {
            requestId: this.requestId,
          },
        );
        batch.giveUp();
      });
    });
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #wait(ms: number, callback: () => void): void {
    this.#timer = setTimeout(callback, Math.max(0, ms));
    this.#timer.unref();
  }
}
