import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { toBatches } from './batches.js';
import type { SizedMessage } from './batches.js';
import type { LoadedSqs } from './sqs-client.js';
import { isFifo, toEntry } from './sqs-message.js';
import { sendFailed, translated } from './sqs-queue.errors.js';

/** Where and how to send. */
export interface Sending {
  readonly sqs: LoadedSqs;
  readonly queue: string;
  readonly url: string;
  readonly maxBatchBytes: number;
  /** Requests at once. */
  readonly concurrency: number;
}

/** What was not sent. */
interface Unsent {
  readonly indices: number[];
  reason: string;
  cause?: unknown;
}

const ROUNDS = 3;

/** Sends one batch, and again what SQS itself failed to take. What it refuses for what it is, is not repeated. */
async function sendBatch(
  { sqs, queue, url }: Sending,
  batch: readonly SizedMessage[],
  unsent: Unsent,
): Promise<void> {
  const refused: SendMessageBatchRequestEntry[] = [];
  let open = batch.map((each) => toEntry(queue, each));
  try {
    for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
      const command = new sqs.sdk.SendMessageBatchCommand({ QueueUrl: url, Entries: open });
      const { Failed = [] } = await sqs.client.send(command);
      const failures = new Map(Failed.map((failure) => [failure.Id, failure]));
      unsent.reason = Failed[0]?.Code ?? unsent.reason;
      const failed = open.filter(({ Id }) => failures.has(Id));
      refused.push(...failed.filter(({ Id }) => failures.get(Id)?.SenderFault === true));
      open = failed.filter(({ Id }) => failures.get(Id)?.SenderFault !== true);
    }
  } catch (error) {
    const known = translated(queue, error);
    if (known.code === 'QUEUE_UNKNOWN') throw known;
    unsent.reason = known.message;
    unsent.cause = known;
  }
  unsent.indices.push(...[...refused, ...open].map(({ Id }) => Number(Id)));
}

/**
 * Sends in batches. A FIFO queue gets one batch after another, and none after one that failed: what is sent later would overtake.
 * @throws TenonError `QUEUE_SEND_FAILED`, `QUEUE_UNKNOWN`.
 */
export async function sendMessages(
  sending: Sending,
  messages: readonly SizedMessage[],
): Promise<void> {
  const fifo = isFifo(sending.queue);
  const unsent: Unsent = { indices: [], reason: 'unknown' };
  const batches = toBatches(messages, sending.maxBatchBytes);
  const next = batches.values();
  const lane = async (): Promise<void> => {
    for (const batch of next) {
      if (fifo && unsent.indices.length > 0)
        unsent.indices.push(...batch.map(({ index }) => index));
      else await sendBatch(sending, batch, unsent);
    }
  };
  const lanes = fifo ? 1 : Math.min(sending.concurrency, batches.length);
  await Promise.all(Array.from({ length: lanes }, lane));
  if (unsent.indices.length === 0) return;
  unsent.indices.sort((a, b) => a - b);
  throw sendFailed(sending.queue, unsent.indices, unsent);
}
