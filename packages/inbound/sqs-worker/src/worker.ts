import { silentLogger, validateOptions } from '@tenon/core';
import type {
  InboxRepository,
  InstallationId,
  Logger,
  OutgoingMessage,
  Queue,
  TenantId,
} from '@tenon/core';
import { runBatch } from './batch.js';
import type { Disposition } from './batch.js';
import { decide } from './error-decision.js';
import { runOnce } from './idempotency.js';
import { InvocationScope, RecordContext } from './record-context.js';
import type { LambdaContext, SqsBatchResponse, SqsEvent, SqsRecord } from './sqs-event.js';
import { toBatchResponse } from './show-again.js';
import { codeOf, malformed } from './worker.errors.js';

/** What makes a unit of work unique, and whose it is. */
export interface WorkIdentity {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly key: string;
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
  /** Remembers what is done, so that a repeated message does nothing. */
  readonly idempotency?: {
    readonly inbox: InboxRepository;
    readonly of: (input: Input, record: RecordContext) => WorkIdentity;
    /** How long an attempt may take before another may begin. Default: 60,000. */
    readonly leaseMs?: number;
    /** How long done keys are remembered. Default: 7 days. */
    readonly keepMs?: number;
  };
  readonly logger?: Logger;
}

interface WorkerDefaults {
  readonly concurrency: number;
  readonly logger: Logger;
}

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
  protected readonly options: WorkerOptions<Input> & WorkerDefaults;

  constructor(options: WorkerOptions<Input>) {
    this.options = validateOptions<WorkerOptions<Input> & WorkerDefaults>('Worker', options, {
      required: ['queueName'],
      defaults: { concurrency: 10, logger: silentLogger },
      optional: ['queue', 'deadLetterQueueName', 'idempotency'],
    });
  }

  /** Checks a message's JSON. @throws an error of category `validation` for messages that no repetition mends. */
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
  async handle(event: SqsEvent, context?: LambdaContext): Promise<SqsBatchResponse> {
    const scope = new InvocationScope(context, this.options.logger);
    const fifo = this.options.queueName.endsWith('.fifo');
    try {
      const dispositions = await runBatch<SqsRecord>({
        messages: event.Records,
        handle: (record) => this.#one(new RecordContext(record, scope)),
        concurrency: this.options.concurrency,
        groupOf: fifo ? (record) => record.attributes.MessageGroupId ?? '' : noGroup,
      });
      return await toBatchResponse(this.options, event.Records, dispositions);
    } finally {
      scope.dispose();
    }
  }

  async #one(context: RecordContext): Promise<Disposition> {
    try {
      const input = await this.validate(parse(context.record.body));
      const { idempotency } = this.options;
      if (!idempotency) await this.run(input, context);
      else {
        const settings = {
          leaseMs: 60_000,
          keepMs: 7 * 86_400_000,
          now: () => new Date(),
          ...idempotency,
        };
        await runOnce(settings, {
          identity: idempotency.of(input, context),
          run: () => this.run(input, context),
        });
      }
      return null;
    } catch (error) {
      return this.#failed(context, error);
    }
  }

  async #failed(context: RecordContext, error: unknown): Promise<Disposition> {
    const { decision, delayMs } = decide(error);
    const code = codeOf(error);
    context.logger.warn('A message failed', { code, decision, receiveCount: context.receiveCount });
    const { queue, deadLetterQueueName } = this.options;
    if (decision !== 'dead-letter' || !queue || deadLetterQueueName === undefined)
      return { delayMs };
    try {
      await queue.send(deadLetterQueueName, [
        {
          body: context.record.body,
          ...(deadLetterQueueName.endsWith('.fifo') && {
            groupId: context.groupId ?? this.options.queueName,
          }),
          attributes: {
            errorCode: code,
            sourceQueue: this.options.queueName,
            messageId: context.messageId,
          },
        },
      ]);
      return null;
    } catch (sendError) {
      context.logger.error('A dead letter could not be sent; its message stays on the queue', {
        code: codeOf(sendError),
      });
      return { delayMs };
    }
  }
}

function noGroup(): null {
  return null;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw malformed();
  }
}
