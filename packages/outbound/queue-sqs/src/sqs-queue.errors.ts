import { TenonError, UnavailableError } from '@tenon/core';

/** `QUEUE_UNKNOWN`: no queue of this logical name is configured, or SQS has none at its URL. */
export function queueUnknown(queue: string, known: readonly string[], cause?: unknown): TenonError {
  return new TenonError({
    code: 'QUEUE_UNKNOWN',
    category: 'misconfigured',
    message:
      cause === undefined
        ? `There is no queue '${queue}'; configured queues: ${known.join(', ')}`
        : `SQS has no queue at the URL configured for '${queue}'`,
    details: { queue },
    ...(cause !== undefined && { cause }),
  });
}

/** `QUEUE_MESSAGE_TOO_LARGE`: nothing was sent. */
export function messageTooLarge(
  queue: string,
  {
    index,
    bytes,
    limit,
  }: { readonly index: number; readonly bytes: number; readonly limit: number },
): TenonError {
  return new TenonError({
    code: 'QUEUE_MESSAGE_TOO_LARGE',
    category: 'too_large',
    message: `Message ${index} for the queue '${queue}' has ${bytes} bytes; the limit is ${limit}. Store the data and send its id`,
    details: { queue, index, bytes, limit },
  });
}

/** `QUEUE_INVALID_MESSAGE`: nothing was sent. */
export function invalidMessage(queue: string, index: number, problem: string): TenonError {
  return new TenonError({
    code: 'QUEUE_INVALID_MESSAGE',
    category: 'validation',
    message: `Message ${index} for the queue '${queue}': ${problem}`,
    details: { queue, index },
  });
}

/** `QUEUE_SEND_FAILED`: the messages with these indices were not sent; the others were. */
export function sendFailed(
  queue: string,
  failed: readonly number[],
  why: { readonly reason: string; readonly cause?: unknown },
): TenonError {
  return new TenonError({
    code: 'QUEUE_SEND_FAILED',
    category: 'unavailable',
    message: `${failed.length} messages were not sent to the queue '${queue}': ${why.reason}`,
    details: { queue, failed },
    ...(why.cause !== undefined && { cause: why.cause }),
  });
}

/** `QUEUE_UNAVAILABLE`: the adapter was closed. */
export function queueClosed(queue: string): TenonError {
  return new UnavailableError('QUEUE_UNAVAILABLE', `The queue '${queue}' is closed`);
}

/** `QUEUE_UNAVAILABLE`: SQS took the request, but not all of its entries, also not when asked again. */
export function changeFailed(queue: string, count: number, reason: string): TenonError {
  return new UnavailableError(
    'QUEUE_UNAVAILABLE',
    `SQS did not delete, hide or show ${count} messages of the queue '${queue}' (${reason})`,
  );
}

const NO_SUCH_QUEUE = new Set(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']);

/** Translates an error of the SDK. */
export function translated(queue: string, error: unknown): TenonError {
  const name = error instanceof Error ? error.name : 'unknown';
  if (NO_SUCH_QUEUE.has(name)) return queueUnknown(queue, [], error);
  const denied = /AccessDenied|InvalidClientTokenId|SignatureDoesNotMatch|Credentials/.test(name);
  const advice = denied
    ? '; check the credentials and that they allow sqs:SendMessage, sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility and sqs:GetQueueAttributes'
    : '';
  return new UnavailableError(
    'QUEUE_UNAVAILABLE',
    `SQS does not serve the queue '${queue}' (${name})${advice}`,
    error,
  );
}
