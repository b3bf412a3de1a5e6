import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import type { QueueSetup } from '@tenon/core';

export type { QueueAttributeName } from '@aws-sdk/client-sqs';

/** What SQS says of a queue, as text. */
export type QueueAttributes = Partial<Record<QueueAttributeName, string>>;

const SECOND_MS = 1_000;

function maxReceivesOf(policy: string | undefined): number | null {
  if (policy === undefined || policy === '') return null;
  const { maxReceiveCount } = JSON.parse(policy) as { readonly maxReceiveCount?: unknown };
  const count = Number(maxReceiveCount);
  return Number.isInteger(count) && count > 0 ? count : null;
}

const toMs = (seconds: string | undefined): number | null =>
  seconds === undefined ? null : Number(seconds) * SECOND_MS;

/** How a queue is set up, by its attributes. */
export function toSetup(queue: string, attributes: QueueAttributes): QueueSetup {
  const { VisibilityTimeout, RedrivePolicy, MessageRetentionPeriod } = attributes;
  return {
    queue,
    visibilityMs: toMs(VisibilityTimeout),
    maxReceives: maxReceivesOf(RedrivePolicy),
    retentionMs: toMs(MessageRetentionPeriod),
  };
}
