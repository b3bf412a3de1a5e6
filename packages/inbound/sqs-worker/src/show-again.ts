import type { Logger, Queue, ReceivedMessage } from '@tenon/core';
import type { Disposition } from './batch.js';
import type { SqsRecord } from './sqs-event.js';
import { codeOf } from './worker.errors.js';

/** Where failed messages are shown again. Without a queue its visibility time-out decides when. */
export interface Reshow {
  readonly queue: Queue | undefined;
  readonly queueName: string;
  readonly logger: Logger;
}

function toMessage(record: SqsRecord): ReceivedMessage {
  return {
    id: record.messageId,
    receipt: record.receiptHandle,
    body: '',
    receiveCount: 1,
    attributes: {},
  };
}

async function showAfter(
  where: Reshow,
  records: readonly SqsRecord[],
  delayMs: number,
): Promise<void> {
  try {
    await where.queue?.release(where.queueName, records.map(toMessage), delayMs);
  } catch (error) {
    where.logger.warn(
      'Messages could not be delayed; the visibility time-out of their queue decides',
      { messageIds: records.map(({ messageId }) => messageId), code: codeOf(error) },
    );
  }
}

/** Shows messages again at the time that their dispositions ask for. Never rejects. */
export async function showAgain(
  where: Reshow,
  records: readonly SqsRecord[],
  dispositions: readonly Disposition[],
): Promise<void> {
  const byDelay = new Map<number, SqsRecord[]>();
  records.forEach((record, index) => {
    const delayMs = dispositions[index]?.delayMs ?? null;
    if (delayMs !== null) byDelay.set(delayMs, [...(byDelay.get(delayMs) ?? []), record]);
  });
  await Promise.all(Array.from(byDelay, ([delayMs, group]) => showAfter(where, group, delayMs)));
}
