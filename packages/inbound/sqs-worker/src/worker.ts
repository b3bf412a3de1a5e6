import { silentLogger, validateOptions } from '@tenon/core/kernel';
import type {
  InboxRepository,
  InstallationId,
  Logger,
  OutgoingMessage,
  Queue,
  TenantId,
} from '@tenon/core';
import type { Disposition } from './batch.js';
import { deadLetter } from './dead-letter.js';
import { decide } from './error-decision.js';
import { groupingOf, runEvent } from './event.js';
import type { EventPlan } from './event.js';
import { runOnce } from './idempotency.js';
import { isPromise } from './is-promise.js';
import { requireAtLeast } from './options-check.js';
import type { ActiveRecord, RecordContext } from './record-context.js';
import type { LambdaContext, SqsBatchResponse, SqsEvent } from './sqs-event.js';
import { asInvalid, codeOf, malformed } from './worker.errors.js';

/** What makes a unit of work unique, and whose it is. */
export interface WorkIdentity {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly key: string;
}

/** How a {@link Worker} remembers what is done, so that a repeated message does nothing. */
export interface WorkerIdempotency<Input> {
  readonly inbox: InboxRepository;
  readonly of: (input: Input, record: RecordContext) => WorkIdentity;
  /** How long an attempt may take before another may begin; prolonged while it runs. Default: 60,000. */
  readonly leaseMs?: number;
  /** How long done keys are remembered. Default: 7 days. */
  readonly keepMs?: number;
}

/** Options of a {@link Worker}. */
export interface WorkerOptions<Input> {
  /** Logical name of the queue; FIFO queues end in `.fifo`. */
  readonly queueName: string;
  /** For `send`, for putting off, and for dead letters. */
  readonly queue?: Queue;
  /** Logical name of the queue for messages that no repetition mends. Without one they stay on the queue until its redrive policy moves them. */
  readonly deadLetterQueueName?: string;
  /** Records at once. Default: 10. */
  readonly concurrency?: number;
  /** Whose data a message is about: gives each record its tenant's context and names the tenant in its log lines. */
  readonly tenantOf?: (input: Input) => TenantId;
  /** Time for one record; its signal aborts afterwards. Default: what is left of the invocation. */
  readonly timeoutMs?: number;
  readonly idempotency?: WorkerIdempotency<Input>;
  readonly logger?: Logger;
}

type Settings<Input> = WorkerOptions<Input> & {
  readonly concurrency: number;
  readonly logger: Logger;
};

/**
 * The base of queue workers. Subclasses say what a message is (`validate`) and what to do with it (`run`); this class does the
 * batch: partial responses, concurrency, FIFO order, idempotency, retry or dead letter by the error's category.
 *
 * @example
 * class Mailer extends Worker<{ to: string }, void> {
 *   validate(input: unknown) { return mailSchema.parse(input); }
 *   async run(mail: { to: string }) { await deliver(mail); }
 * }
 * const mailer = new Mailer({ queueName: 'mail' });
 * export const handler = mailer.handler;
 */
export abstract class Worker<Input, Result> {
  protected readonly options: Settings<Input>;
  readonly #plan: EventPlan<unknown>;

  constructor(options: WorkerOptions<Input>) {
    this.options = validateOptions<Settings<Input>>('Worker', options, {
      required: ['queueName'],
      defaults: { concurrency: 10, logger: silentLogger },
      optional: ['queue', 'deadLetterQueueName', 'tenantOf', 'timeoutMs', 'idempotency'],
    });
    requireAtLeast('Worker', this.options, { concurrency: 1, timeoutMs: 1 });
    const { queueName, queue, concurrency, logger, timeoutMs } = this.options;
    this.#plan = {
      queueName,
      queue,
      concurrency,
      logger,
      timeoutMs,
      groupOf: groupingOf(queueName),
      handle: (record) => this.#work(record),
      accept: done,
      fail: (error, record) => this.#failed(record, error),
    };
  }

  /** Checks a message's JSON. What it throws means that no repetition mends the message, unless it is a TenonError of another category. */
  abstract validate(input: unknown): Input | Promise<Input>;

  /** Does the work of one message. */
  abstract run(input: Input, context: RecordContext): Result | Promise<Result>;

  /** Sends work to this worker's own queue. @throws what the queue throws. */
  async send(inputs: readonly Input[], options: Omit<OutgoingMessage, 'body'> = {}): Promise<void> {
    if (!this.options.queue)
      throw new TypeError(
        `The worker of '${this.options.queueName}' needs the option 'queue' to send`,
      );
    const messages = inputs.map((input) => ({ ...options, body: JSON.stringify(input) }));
    await this.options.queue.send(this.options.queueName, messages);
  }

  /** The Lambda handler, bound. */
  get handler(): (event: SqsEvent, context?: LambdaContext) => Promise<SqsBatchResponse> {
    return (event, context) => this.handle(event, context);
  }

  /** Works through an SQS event and answers the messages to show again. */
  handle(event: SqsEvent, context?: LambdaContext): Promise<SqsBatchResponse> {
    return runEvent(this.#plan, event, context);
  }

  // Not async: for messages whose check needs no waiting, another promise would be most of the cost.
  #work(record: ActiveRecord): unknown {
    let input: Input | PromiseLike<Input>;
    try {
      input = this.validate(parse(record.record.body));
    } catch (error) {
      throw asInvalid(error);
    }
    return isPromise(input) ? this.#startLater(input, record) : this.#start(input, record);
  }

  async #startLater(checking: PromiseLike<Input>, record: ActiveRecord): Promise<unknown> {
    let input: Input;
    try {
      input = await checking;
    } catch (error) {
      throw asInvalid(error);
    }
    return this.#start(input, record);
  }

  #start(input: Input, record: ActiveRecord): unknown {
    const { tenantOf, idempotency } = this.options;
    if (tenantOf) record.belongTo(tenantOf(input));
    if (!idempotency) return this.run(input, record);
    const work = {
      identity: idempotency.of(input, record),
      run: () => this.run(input, record),
    };
    return runOnce(idempotency, work);
  }

  async #failed(record: ActiveRecord, error: unknown): Promise<Disposition> {
    const { decision, delayMs } = decide(error);
    const code = codeOf(error);
    const { receiveCount, logger } = record;
    logger.warn('A message failed', { code, decision, receiveCount });
    const moved = decision === 'dead-letter' && (await deadLetter(this.options, record, code));
    return moved ? null : { delayMs };
  }
}

function done(): Disposition {
  return null;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw malformed();
  }
}
