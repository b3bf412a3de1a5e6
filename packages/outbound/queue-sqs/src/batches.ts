import type { OutgoingMessage } from '@tenon/core';

/** A message with its place in the caller's list and its size as SQS counts it. */
export interface SizedMessage {
  readonly index: number;
  readonly message: OutgoingMessage;
  readonly bytes: number;
}

/** Entries that one SendMessageBatch takes. */
export const MAX_BATCH_ENTRIES = 10;

/** Size as SQS counts it: body plus names, types and values of the attributes, in UTF-8 bytes. */
export function sizeOf(message: OutgoingMessage): number {
  let bytes = Buffer.byteLength(message.body);
  for (const [name, value] of Object.entries(message.attributes ?? {})) {
    bytes += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  }
  return bytes;
}

/** Splits into batches of at most ten entries and `maxBytes` together, keeping the order. */
export function toBatches(messages: readonly SizedMessage[], maxBytes: number): SizedMessage[][] {
  const batches: SizedMessage[][] = [];
  let current: SizedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (
      current.length === MAX_BATCH_ENTRIES ||
      (current.length > 0 && bytes + message.bytes > maxBytes)
    ) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(message);
    bytes += message.bytes;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}
