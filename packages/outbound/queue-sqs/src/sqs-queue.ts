import { MisconfiguredError, validateOptions } from '@tenon/core';
import type {
  CancellationSignal,
  OutgoingMessage,
  Queue,
  QueueCapabilities,
  QueueStatus,
  ReceivedMessage,
  ReceiveRequest,
} from '@tenon/core';
import { MAX_BATCH_ENTRIES, sizeOf, toBatches } from './batches.js';
import type { SizedMessage } from './batches.js';
import { MAX_DELAY_MS, problemOf, toEntry, toReceived } from './sqs-message.js';
import { loadSqs } from './sqs-client.js';
import type { LoadedSqs, SqsClient } from './sqs-client.js';
import {
  invalidMessage,
  messageTooLarge,
  queueUnknown,
  sendFailed,
  translated,
} from './sqs-queue.errors.js';

const SEND_ROUNDS = 3;

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
}

type Options = Required<Pick<SqsQueueOptions, 'queues' | 'maxBodyBytes' | 'sendConcurrency'>> &
  SqsQueueOptions;

/** Amazon SQS as core's `Queue`. */
export class SqsQueue implements Queue {
  readonly capabilities: QueueCapabilities;
  readonly #options: Options;
  #loaded: Promise<LoadedSqs> | null = null;

  constructor(options: SqsQueueOptions) {
    this.#options = validateOptions<Options>('SqsQueue', options, {
      required: ['queues'],
      defaults: { maxBodyBytes: 1_048_576, sendConcurrency: 4 },
      optional: ['region', 'endpoint', 'client'],
    });
    for (const [name, url] of Object.entries(this.#options.queues)) {
      if (!/^https?:\/\/\S+$/.test(url)) {
        throw new MisconfiguredError(
          `SqsQueue: the URL of the queue '${name}' must begin with https://`,
        );
      }
      if (name.endsWith('.fifo') !== url.endsWith('.fifo')) {
        throw new MisconfiguredError(
          `SqsQueue: '${name}' and its URL must both end in '.fifo', or neither`,
        );
      }
    }
    this.capabilities = {
      maxBodyBytes: this.#options.maxBodyBytes,
      maxDelayMs: MAX_DELAY_MS,
      durable: true,
    };
  }

  async send(queue: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const url = this.#url(queue);
    const sized = messages.map((message, index) => this.#checked(queue, message, index));
    const batches = toBatches(sized, this.#options.maxBodyBytes);
    const failed: { index: number; reason: string }[] = [];
    const next = batches.values();
    const lane = async (): Promise<void> => {
      for (const batch of next) failed.push(...(await this.#sendBatch(queue, url, batch)));
    };
    const lanes = queue.endsWith('.fifo')
      ? 1
      : Math.min(this.#options.sendConcurrency, batches.length);
    await Promise.all(Array.from({ length: lanes }, lane));
    if (failed.length === 0) return;
    failed.sort((a, b) => a.index - b.index);
    throw sendFailed(
      queue,
      failed.map((each) => each.index),
      failed[0]?.reason ?? 'unknown',
    );
  }

  async receive(request: ReceiveRequest): Promise<readonly ReceivedMessage[]> {
    const url = this.#url(request.queue);
    if (request.signal?.aborted) return [];
    const { sdk, client } = await this.#load();
    const command = new sdk.ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(request.max, MAX_BATCH_ENTRIES),
      WaitTimeSeconds: Math.min(20, Math.ceil(request.waitMs / 1000)),
      VisibilityTimeout: Math.ceil(request.visibilityMs / 1000),
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
      MessageAttributeNames: ['All'],
    });
    try {
      const answer = await client.send(command, abortable(request.signal));
      return (answer.Messages ?? []).map(toReceived);
    } catch (error) {
      if (request.signal?.aborted) return [];
      throw translated(request.queue, error);
    }
  }

  async acknowledge(queue: string, messages: readonly ReceivedMessage[]): Promise<void> {
    const url = this.#url(queue);
    const { sdk, client } = await this.#load();
    await this.#inBatches(queue, messages, (entries) =>
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
    const { sdk, client } = await this.#load();
    const seconds = Math.ceil(visibilityMs / 1000);
    await this.#inBatches(queue, messages, (entries) =>
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

  async close(): Promise<void> {
    const loaded = await this.#loaded?.catch(() => null);
    this.#loaded = null;
    if (this.#options.client === undefined) loaded?.client.destroy?.();
  }

  async #statusOf(queue: string): Promise<QueueStatus> {
    const { sdk, client } = await this.#load();
    try {
      const { Attributes: counts = {} } = await client.send(
        new sdk.GetQueueAttributesCommand({
          QueueUrl: this.#url(queue),
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      );
      return {
        queue,
        waiting: Number(counts.ApproximateNumberOfMessages ?? 0),
        inFlight: Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0),
        delayed: Number(counts.ApproximateNumberOfMessagesDelayed ?? 0),
      };
    } catch (error) {
      throw translated(queue, error);
    }
  }

  /** Sends one batch, entries that SQS could not take again a few times. Answers what was not sent. */
  async #sendBatch(
    queue: string,
    url: string,
    batch: readonly SizedMessage[],
  ): Promise<{ index: number; reason: string }[]> {
    const { sdk, client } = await this.#load();
    const entries = batch.map((each) => toEntry(queue, each));
    let open = entries;
    let reason = 'unknown';
    for (let round = 0; round < SEND_ROUNDS && open.length > 0; round += 1) {
      try {
        const answer = await client.send(
          new sdk.SendMessageBatchCommand({ QueueUrl: url, Entries: open }),
        );
        const failed = new Map((answer.Failed ?? []).map((each) => [each.Id, each]));
        reason = answer.Failed?.[0]?.Code ?? reason;
        open = open.filter((entry) => failed.has(entry.Id));
        if ([...failed.values()].every((each) => each.SenderFault)) break;
      } catch (error) {
        const known = translated(queue, error);
        if ('code' in known && known.code === 'QUEUE_UNKNOWN') throw known;
        reason = known.message;
        break;
      }
    }
    return open.map((entry) => ({ index: Number(entry.Id), reason }));
  }

  async #inBatches(
    queue: string,
    messages: readonly ReceivedMessage[],
    work: (entries: { Id: string; ReceiptHandle: string }[]) => Promise<unknown>,
  ): Promise<void> {
    for (let start = 0; start < messages.length; start += MAX_BATCH_ENTRIES) {
      const entries = messages
        .slice(start, start + MAX_BATCH_ENTRIES)
        .map((message, index) => ({ Id: String(index), ReceiptHandle: message.receipt }));
      try {
        await work(entries);
      } catch (error) {
        throw translated(queue, error);
      }
    }
  }

  #load(): Promise<LoadedSqs> {
    this.#loaded ??= loadSqs({
      region: this.#options.region,
      endpoint: this.#options.endpoint,
      client: this.#options.client,
    });
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

function abortable(signal: CancellationSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal as AbortSignal };
}

/** Makes queues on Amazon SQS. @throws MisconfiguredError for unknown, missing or contradicting options. */
export function createSqsQueue(options: SqsQueueOptions): SqsQueue {
  return new SqsQueue(options);
}
