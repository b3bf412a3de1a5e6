import type { Queue } from '@tenon/core';
import type { RecordContext } from './record-context.js';
import { codeOf } from './worker.errors.js';

/** Where dead letters go. */
export interface DeadLetterRoute {
  readonly queueName: string;
  readonly queue?: Queue;
  readonly deadLetterQueueName?: string;
}

/** Copies a message to the dead-letter queue. False when there is none or it cannot be reached: then the message has to stay. */
export async function deadLetter(
  { queue, queueName, deadLetterQueueName }: DeadLetterRoute,
  record: RecordContext,
  errorCode: string,
): Promise<boolean> {
  if (!queue || deadLetterQueueName === undefined) return false;
  const { messageId, groupId } = record;
  const fifo = deadLetterQueueName.endsWith('.fifo');
  try {
    await queue.send(deadLetterQueueName, [
      {
        body: record.record.body,
        // The same message twice is one dead letter.
        ...(fifo && { groupId: groupId ?? queueName, deduplicationId: messageId }),
        attributes: { errorCode, sourceQueue: queueName, messageId },
      },
    ]);
    return true;
  } catch (error) {
    record.logger.error('A dead letter could not be sent; its message stays on the queue', {
      code: codeOf(error),
    });
    return false;
  }
}
