import { rejectUnknownKeys } from '@tenon/core';
import type { OutgoingMessage } from '@tenon/core';

// The rules of SQS, so that what passes here passes there.
const FORBIDDEN_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ID = /^[!-~]{1,128}$/;
const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.|.*\.\.)[\w-](?:[\w.-]{0,254}[\w-])?$/i;

/** Size as SQS counts it: body plus names, types and values of the attributes, in UTF-8 bytes. */
export function sizeOf(message: OutgoingMessage): number {
  let bytes = Buffer.byteLength(message.body);
  for (const [name, value] of Object.entries(message.attributes ?? {})) {
    bytes += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  }
  return bytes;
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

/**
 * Why the queue refuses the message; null when it does not.
 * @throws MisconfiguredError for a key that messages do not have.
 */
export function problemOf(
  queue: string,
  message: OutgoingMessage,
  maxDelayMs: number,
): string | null {
  const known = ['body', 'delayMs', 'groupId', 'deduplicationId', 'attributes'];
  rejectUnknownKeys(`A message for '${queue}'`, message, known);
  const delay = message.delayMs ?? 0;
  if (!(delay >= 0 && delay <= maxDelayMs)) return `delayMs must be 0 to ${maxDelayMs}`;
  return contentProblem(message) ?? (queue.endsWith('.fifo') ? fifoProblem(message) : null);
}
