import { randomUUID } from 'node:crypto';
import type { Message, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { OutgoingMessage, ReceivedMessage } from '@tenon/core';
import type { SizedMessage } from './batches.js';

/** The longest delay that SQS knows: 15 minutes. */
export const MAX_DELAY_MS = 900_000;

/** Why SQS would refuse the message; null when it would not. */
export function problemOf(queue: string, message: OutgoingMessage): string | null {
  const delay = message.delayMs ?? 0;
  if (message.body === '') return 'the body is empty';
  if (!(delay >= 0 && delay <= MAX_DELAY_MS)) return `delayMs must be 0 to ${MAX_DELAY_MS}`;
  if (Object.keys(message.attributes ?? {}).length > 10) return 'it has more than ten attributes';
  if (!queue.endsWith('.fifo')) return null;
  if (!message.groupId) return 'a FIFO queue needs a groupId';
  return delay > 0 ? 'FIFO queues have no delay per message' : null;
}

/** The message as SendMessageBatch takes it. */
export function toEntry(
  queue: string,
  { index, message }: SizedMessage,
): SendMessageBatchRequestEntry {
  const attributes = Object.entries(message.attributes ?? {});
  return {
    Id: String(index),
    MessageBody: message.body,
    ...(message.delayMs && { DelaySeconds: Math.ceil(message.delayMs / 1000) }),
    ...(queue.endsWith('.fifo') && {
      MessageGroupId: message.groupId,
      MessageDeduplicationId: message.deduplicationId ?? randomUUID(),
    }),
    ...(attributes.length > 0 && {
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }),
  };
}

/** A received message in core's words. */
export function toReceived(message: Message): ReceivedMessage {
  const groupId = message.Attributes?.MessageGroupId;
  return {
    id: message.MessageId ?? '',
    receipt: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    ...(groupId !== undefined && { groupId }),
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    attributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        value.StringValue ?? '',
      ]),
    ),
  };
}
