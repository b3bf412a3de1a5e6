import type { CancellationSignal, Logger } from '@tenon/core';
import type { LambdaContext, SqsRecord } from './sqs-event.js';
import { invocationOver } from './worker.errors.js';

/** How long before the end of the invocation its signal aborts. */
const MARGIN_MS = 1_000;

/** What the records of one invocation share. Makes its timer when somebody looks at the signal, not before. */
export class InvocationScope {
  #controller: AbortController | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly context: LambdaContext | undefined,
    readonly logger: Logger,
  ) {}

  get requestId(): string {
    return this.context?.awsRequestId ?? 'local';
  }

  get signal(): CancellationSignal {
    if (this.#controller) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    const remaining = this.context?.getRemainingTimeInMillis?.();
    if (remaining !== undefined) {
      this.#timer = setTimeout(
        () => {
          controller.abort(invocationOver(remaining));
        },
        Math.max(0, remaining - MARGIN_MS),
      );
      this.#timer.unref();
    }
    return controller.signal;
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}

/** What a worker knows of the record that it works on. Costly parts are made when they are looked at. */
export class RecordContext {
  #logger: Logger | null = null;

  constructor(
    readonly record: SqsRecord,
    private readonly scope: InvocationScope,
  ) {}

  get messageId(): string {
    return this.record.messageId;
  }

  /** How often the message was received, this time included. */
  get receiveCount(): number {
    return Number(this.record.attributes.ApproximateReceiveCount ?? 1);
  }

  get groupId(): string | null {
    return this.record.attributes.MessageGroupId ?? null;
  }

  get requestId(): string {
    return this.scope.requestId;
  }

  /** Aborts a second before the invocation ends. */
  get signal(): CancellationSignal {
    return this.scope.signal;
  }

  /** Names the message in every line. */
  get logger(): Logger {
    this.#logger ??= this.scope.logger.child({
      messageId: this.messageId,
      requestId: this.requestId,
    });
    return this.#logger;
  }
}
