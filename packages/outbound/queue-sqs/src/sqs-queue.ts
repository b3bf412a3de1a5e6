import { MisconfiguredError, validateOptions } from '@tenon/core';
import type {
  CancellationSignal,
  OutgoingMessage,
  Queue,
  QueueCapabilities,
  QueueSetup,
  QueueStatus,
  ReceivedMessage,
  ReceiveRequest,
} from '@tenon/core';
import { MAX_BATCH_ENTRIES, sizeOf } from './batches.js';
import type { SizedMessage } from './batches.js';
import { changeMessages } from './change-messages.js';
import { sendMessages } from './send-messages.js';
import { toSetup } from './queue-setup.js';
import type { QueueAttributeName, QueueAttributes } from './queue-setup.js';
import { loadSqs } from './sqs-client.js';
import type { LoadedSqs, SqsClient } from './sqs-client.js';
import { isFifo, MAX_DELAY_MS, problemOf, toReceived, toVisibilitySeconds } from './sqs-message.js';
import {
  invalidMessage,
  messageTooLarge,
  queueClosed,
  queueUnknown,
  translated,
} from './sqs-queue.errors.js';

/** Options of {@link createSqsQueue}. */
export interface SqsQueueOptions {
  /** URL of each queue by logical name. Logical names of FIFO queues end in `.fifo`. */
  readonly queues: Readonly<Record<string, string>>;
  /** Default: the SDK's own rules (`AWS_REGION`). */
  readonly region?: string;
  /** For local endpoints. Default: the SDK's own rules. */
  readonly endpoint?: string;
  /** A client to use instead of making one. It is not closed by `close()`. */
  readonly client?: SqsClient;
  /** Largest message, attributes included, in bytes, and largest batch. Default: 1,048,576, the limit of SQS. */
  readonly maxBodyBytes?: number;
  /** SendMessageBatch requests at once. FIFO queues always get one after another. Default: 4. */
  readonly sendConcurrency?: number;
  /** Longest wait for the answer to one request; above the 20,000 of a long poll. Not for a `client` of yours. Default: 30,000. */
  readonly requestTimeoutMs?: number;
}

type Defaulted = 'queues' | 'maxBodyBytes' | 'sendConcurrency' | 'requestTimeoutMs';
type Options = Required<Pick<SqsQueueOptions, Defaulted>> & SqsQueueOptions;

function checkQueues(queues: Readonly<Record<string, string>>): void {
  for (const [name, url] of Object.entries(queues)) {
    if (!/^https?:\/\/\S+$/.test(url)) {
      throw new MisconfiguredError(
        `SqsQueue: the URL of the queue '${name}' must begin with https://`,
      );
    }
    if (isFifo(name) !== isFifo(url)) {
      throw new MisconfiguredError(
        `SqsQueue: '${name}' and its URL must both end in '.fifo', or neither`,
      );
    }
  }
}

/** Amazon SQS as core's `Queue`. */
export class SqsQueue implements Queue {
  readonly capabilities: QueueCapabilities;
  readonly #options: Options;
  readonly #receiving = new Set<AbortController>();
  #loaded: Promise<LoadedSqs> | null = null;
  #closed = false;

  constructor(options: SqsQueueOptions) {
    this.#options = validateOptions<Options>('SqsQueue', options, {
      required: ['queues'],
      defaults: { maxBodyBytes: 1_048_576, sendConcurrency: 4, requestTimeoutMs: 30_000 },
      optional: ['region', 'endpoint', 'client'],
    });
    checkQueues(this.#options.queues);
    if (!(this.#options.sendConcurrency >= 1))
      throw new MisconfiguredError('SqsQueue: sendConcurrency must be 1 or more');
    this.capabilities = {
      maxBodyBytes: this.#options.maxBodyBytes,
      maxDelayMs: MAX_DELAY_MS,
      durable: true,
    };
  }

  async send(queue: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const url = this.#url(queue);
    const sized = messages.map((message, index) => this.#checked(queue, message, index));
    if (sized.length === 0) return;
    const { maxBodyBytes: maxBatchBytes, sendConcurrency: concurrency } = this.#options;
    const sqs = await this.#load(queue);
    await sendMessages({ sqs, queue, url, maxBatchBytes, concurrency }, sized);
  }

  async receive(request: ReceiveRequest): Promise<readonly ReceivedMessage[]> {
    const url = this.#url(request.queue);
    if (request.signal?.aborted) return [];
    const { sdk, client } = await this.#load(request.queue);
    const command = new sdk.ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(MAX_BATCH_ENTRIES, Math.max(1, request.max)),
      WaitTimeSeconds: Math.min(20, Math.max(0, Math.ceil(request.waitMs / 1000))),
      VisibilityTimeout: toVisibilitySeconds(request.visibilityMs),
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
      MessageAttributeNames: ['All'],
    });
    return this.#abortable(request.signal, async (abortSignal) => {
      try {
        const answer = await client.send(command, { abortSignal });
        return (answer.Messages ?? []).map(toReceived);
      } catch (error) {
        if (abortSignal.aborted) return [];
        throw translated(request.queue, error);
      }
    });
  }

  async acknowledge(queue: string, messages: readonly ReceivedMessage[]): Promise<void> {
    const url = this.#url(queue);
    if (messages.length === 0) return;
    const { sdk, client } = await this.#load(queue);
    await changeMessages(queue, messages, (entries) =>
      client.send(new sdk.DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries })),
    );
  }

  release(queue: string, messages: readonly ReceivedMessage[], delayMs: number): Promise<void> {
    return this.extend(queue, messages, delayMs);
  }

  async extend(
    queue: string,
    messages: readonly ReceivedMessage[],
    visibilityMs: number,
  ): Promise<void> {
    const url = this.#url(queue);
    if (messages.length === 0) return;
    const { sdk, client } = await this.#load(queue);
    const seconds = toVisibilitySeconds(visibilityMs);
    await changeMessages(queue, messages, (entries) =>
      client.send(
        new sdk.ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: seconds })),
        }),
      ),
    );
  }

  status(): Promise<readonly QueueStatus[]> {
    return Promise.all(Object.keys(this.#options.queues).map((queue) => this.#statusOf(queue)));
  }

  inspect(): Promise<readonly QueueSetup[]> {
    const names = ['VisibilityTimeout', 'RedrivePolicy', 'MessageRetentionPeriod'] as const;
    return Promise.all(
      Object.keys(this.#options.queues).map(async (queue) =>
        toSetup(queue, await this.#attributes(queue, names)),
      ),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const receiving of this.#receiving) receiving.abort();
    const loaded = await this.#loaded?.catch(() => null);
    if (this.#options.client === undefined) loaded?.client.destroy?.();
  }

  async #statusOf(queue: string): Promise<QueueStatus> {
    const counts = await this.#attributes(queue, [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ]);
    return {
      queue,
      waiting: Number(counts.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(counts.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  }

  async #attributes(queue: string, names: readonly QueueAttributeName[]): Promise<QueueAttributes> {
    const { sdk, client } = await this.#load(queue);
    try {
      const command = new sdk.GetQueueAttributesCommand({
        QueueUrl: this.#url(queue),
        AttributeNames: [...names],
      });
      return (await client.send(command)).Attributes ?? {};
    } catch (error) {
      throw translated(queue, error);
    }
  }

  /** Runs work under a signal that aborts with the caller's, and when the queue is closed. */
  async #abortable<T>(
    parent: CancellationSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const abort = (): void => {
      controller.abort();
    };
    if (parent?.aborted || this.#closed) abort();
    parent?.addEventListener('abort', abort, { once: true });
    this.#receiving.add(controller);
    try {
      return await work(controller.signal);
    } finally {
      parent?.removeEventListener('abort', abort);
      this.#receiving.delete(controller);
    }
  }

  async #load(queue: string): Promise<LoadedSqs> {
    if (this.#closed) throw queueClosed(queue);
    const { region, endpoint, client, requestTimeoutMs } = this.#options;
    this.#loaded ??= loadSqs({ region, endpoint, client, requestTimeoutMs });
    return this.#loaded;
  }

  #url(queue: string): string {
    const { queues } = this.#options;
    const url = Object.hasOwn(queues, queue) ? queues[queue] : undefined;
    if (url === undefined) throw queueUnknown(queue, Object.keys(queues));
    return url;
  }

  #checked(queue: string, message: OutgoingMessage, index: number): SizedMessage {
    const bytes = sizeOf(message);
    if (bytes > this.#options.maxBodyBytes)
      throw messageTooLarge(queue, { index, bytes, limit: this.#options.maxBodyBytes });
    const problem = problemOf(queue, message);
    if (problem !== null) throw invalidMessage(queue, index, problem);
    return { index, message, bytes };
  }
}

/** Makes queues on Amazon SQS. @throws MisconfiguredError for unknown, missing or contradicting options. */
export function createSqsQueue(options: SqsQueueOptions): SqsQueue {
  return new SqsQueue(options);
}
