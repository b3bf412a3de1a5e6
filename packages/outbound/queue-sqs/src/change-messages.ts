import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import type { ReceivedMessage } from '@tenon/core';
import { MAX_BATCH_ENTRIES } from './batches.js';
import { changeFailed, translated } from './sqs-queue.errors.js';

/** A message in a request that deletes, hides or shows. */
export interface ReceiptEntry {
  readonly Id: string;
  readonly ReceiptHandle: string;
}

/** A request for at most ten messages. */
export type ChangeRequest = (
  entries: ReceiptEntry[],
) => Promise<{ readonly Failed?: BatchResultErrorEntry[] | undefined }>;

const ROUNDS = 3;

/** Asks again for what SQS itself failed to do. A refusal means that the receipt is outdated: there is nothing to change. */
async function changeBatch(
  queue: string,
  entries: ReceiptEntry[],
  request: ChangeRequest,
): Promise<void> {
  let open = entries;
  let reason = 'unknown';
  for (let round = 0; round < ROUNDS; round += 1) {
    const { Failed = [] } = await request(open).catch((error: unknown) => {
      throw translated(queue, error);
    });
    const again = Failed.filter(({ SenderFault }) => SenderFault !== true);
    if (again.length === 0) return;
    reason = again[0]?.Code ?? reason;
    const ids = new Set(again.map(({ Id }) => Id));
    open = open.filter(({ Id }) => ids.has(Id));
  }
  throw changeFailed(queue, open.length, reason);
}

/** Changes messages ten at a time. @throws TenonError `QUEUE_UNAVAILABLE`, `QUEUE_UNKNOWN`. */
export async function changeMessages(
  queue: string,
  messages: readonly ReceivedMessage[],
  request: ChangeRequest,
): Promise<void> {
  for (let start = 0; start < messages.length; start += MAX_BATCH_ENTRIES) {
    const entries = messages
      .slice(start, start + MAX_BATCH_ENTRIES)
      .map((message, index) => ({ Id: String(index), ReceiptHandle: message.receipt }));
    await changeBatch(queue, entries, request);
  }
}
