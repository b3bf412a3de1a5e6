import { DeadlineExceededError, MisconfiguredError, systemContext } from '@tenon/core/kernel';
import type { CancellationSignal, Context, Logger, TenantId } from '@tenon/core';
import type { InvocationScope } from './invocation-scope.js';
import type { SqsRecord } from './sqs-event.js';

/** What a worker knows of the record that it works on. Costly parts are made when they are looked at. */
export interface RecordContext {
  readonly record: SqsRecord;
  readonly messageId: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  readonly groupId: string | null;
  readonly requestId: string;
  /** Whose data the message is about, by the worker's `tenantOf`; null without it. */
  readonly tenantId: TenantId | null;
  /** The context that use cases take, for the message's own tenant. Reading it without `tenantOf` throws. */
  readonly tenant: Context;
  /** Aborts shortly before the invocation ends, and after the worker's `timeoutMs`. */
  readonly signal: CancellationSignal;
  /** Names message, request and tenant in every line. */
  readonly logger: Logger;
}

/** What was made because somebody looked at it. One field instead of one each: most records are never looked at. */
interface Made {
  logger?: Logger;
  tenant?: Context;
  controller?: AbortController;
}

/** A record in work. */
export class ActiveRecord implements RecordContext {
  #tenantId: TenantId | null = null;
  #made: Made | null = null;

  constructor(
    readonly record: SqsRecord,
    private readonly scope: InvocationScope,
  ) {}

  get messageId(): string {
    return this.record.messageId;
  }

  get receiveCount(): number {
    return Number(this.record.attributes.ApproximateReceiveCount ?? 1);
  }

  get groupId(): string | null {
    return this.record.attributes.MessageGroupId ?? null;
  }

  get requestId(): string {
    return this.scope.requestId;
  }

  get tenantId(): TenantId | null {
    return this.#tenantId;
  }

  /** Known once the message is validated. */
  belongTo(tenantId: TenantId): void {
    this.#tenantId = tenantId;
    this.#made = null;
  }

  get tenant(): Context {
    const { requestId, logger, signal } = this;
    if (this.#tenantId === null)
      throw new MisconfiguredError(
        "A worker that needs a tenant's context needs the option 'tenantOf'",
      );
    this.#made ??= {};
    this.#made.tenant ??= systemContext({ requestId, tenantId: this.#tenantId, logger, signal });
    return this.#made.tenant;
  }

  get signal(): CancellationSignal {
    const { recordTimeoutMs, signal } = this.scope;
    if (recordTimeoutMs === undefined) return signal;
    this.#made ??= {};
    this.#made.controller ??= deadline(recordTimeoutMs, signal);
    return this.#made.controller.signal;
  }

  get logger(): Logger {
    this.#made ??= {};
    this.#made.logger ??= this.scope.logger.child({
      messageId: this.messageId,
      requestId: this.requestId,
      ...(this.#tenantId !== null && { tenantId: this.#tenantId }),
    });
    return this.#made.logger;
  }
}

function deadline(ms: number, parent: CancellationSignal): AbortController {
  const controller = new AbortController();
  const follow = (): void => {
    controller.abort(parent.reason);
  };
  if (parent.aborted) follow();
  parent.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => {
    parent.removeEventListener('abort', follow);
    controller.abort(new DeadlineExceededError(ms));
  }, ms);
  timer.unref();
  return controller;
}
