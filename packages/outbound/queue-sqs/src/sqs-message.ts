import { randomUUID } from 'node:crypto';
import type { Message, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { OutgoingMessage, ReceivedMessage } from '@tenon/core';
import type { SizedMessage } from './batches.js';

/** The longest delay that SQS knows: 15 minutes. */
export const MAX_DELAY_MS = 900_000;

/** The longest that a received message may stay hidden: 12 hours. */
const MAX_VISIBILITY_SECONDS = 43_200;

// What SQS calls allowed: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const FORBIDDEN_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ID = /^[!-~]{1,128}$/;
const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.|.*\.\.)[\w-](?:[\w.-]{0,254}[\w-])?$/i;

/** True for logical names of FIFO queues. */
export function isFifo(queue: string): boolean {
  return queue.endsWith('.fifo');
}

function contentProblem(message: OutgoingMessage): string | null {
  if (message.body === '') return 'the body is empty';
  if (FORBIDDEN_CHARACTER.test(message.body))
    return 'the body has control characters or halves of characters; send JSON, or base64';
  const attributes = Object.entries(message.attributes ?? {});
  if (attributes.length > 10) return 'it has more than ten attributes';
  for (const [name, value] of attributes) {
    if (!ATTRIBUTE_NAME.test(name)) return `'${name}' is no name for an attribute`;
    if (value === '' || FORBIDDEN_CHARACTER.test(value))
      return `the attribute '${name}' is empty or has control characters`;
  }
  return null;
}

function fifoProblem(message: OutgoingMessage): string | null {
  if (!message.groupId) return 'a FIFO queue needs a groupId';
  for (const id of [message.groupId, message.deduplicationId ?? 'none']) {
    if (!ID.test(id))
      return 'groupId and deduplicationId have 1 to 128 letters, digits and punctuation marks';
  }
  return (message.delayMs ?? 0) > 0 ? 'FIFO queues have no delay per message' : null;
}

/** Why SQS would refuse the message; null when it would not. */
export function problemOf(queue: string, message: OutgoingMessage): string | null {
  const delay = message.delayMs ?? 0;
  if (!(delay >= 0 && delay <= MAX_DELAY_MS)) return `delayMs must be 0 to ${MAX_DELAY_MS}`;
  return contentProblem(message) ?? (isFifo(queue) ? fifoProblem(message) : null);
}

/** Whole seconds within what SQS takes; a rest counts as a second. */
export function toVisibilitySeconds(ms: number): number {
  return Math.min(MAX_VISIBILITY_SECONDS, Math.max(0, Math.ceil(ms / 1000)));
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
    ...(isFifo(queue) && {
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
