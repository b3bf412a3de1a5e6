import type { Logger, Queue } from '@tenon/core';
import type { Disposition } from './batch.js';
import type { SqsBatchResponse, SqsRecord } from './sqs-event.js';
import { codeOf } from './worker.errors.js';

/** Where failed messages are shown again. Without a queue its visibility time-out decides when. */
export interface Reshow {
  readonly queue?: Queue | undefined;
  readonly queueName: string;
  readonly logger: Logger;
}

async function showAfter(where: Reshow, record: SqsRecord, delayMs: number): Promise<void> {
  const message = {
    id: record.messageId,
    receipt: record.receiptHandle,
    body: '',
    receiveCount: 1,
    attributes: {},
  };
  try {
    await where.queue?.release(where.queueName, [message], delayMs);
  } catch (error) {
    where.logger.warn(
      'A message could not be delayed; the visibility time-out of its queue decides',
      {
        messageId: record.messageId,
        code: codeOf(error),
      },
    );
  }
}

/** Turns dispositions into the answer that Lambda expects, and delays what asked for it. */
export async function toBatchResponse(
  where: Reshow,
  records: readonly SqsRecord[],
  dispositions: readonly Disposition[],
): Promise<SqsBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  const delays: Promise<void>[] = [];
  dispositions.forEach((disposition, index) => {
    const record = records[index];
    if (disposition === null || !record) return;
    batchItemFailures.push({ itemIdentifier: record.messageId });
    if (disposition.delayMs !== null) delays.push(showAfter(where, record, disposition.delayMs));
  });
  if (delays.length > 0) await Promise.all(delays);
  return { batchItemFailures };
}
