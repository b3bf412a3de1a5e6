import type { Logger, Queue } from '@tenon/core';
import { runBatch } from './batch.js';
import type { BatchPlan, Disposition } from './batch.js';
import { InvocationScope } from './invocation-scope.js';
import { ActiveRecord } from './record-context.js';
import { showAgain } from './show-again.js';
import type { LambdaContext, SqsBatchResponse, SqsEvent, SqsRecord } from './sqs-event.js';

/** How to work through the records of events. */
export interface EventPlan<Result> extends BatchPlan<ActiveRecord, Result> {
  readonly queueName: string;
  /** Shows messages again at the time that they ask for. */
  readonly queue: Queue | undefined;
  readonly logger: Logger;
  /** Time for one record. */
  readonly timeoutMs: number | undefined;
}

/** The groups of a FIFO queue; null for other queues, whose groups mean no order. */
export function groupingOf(queueName: string): ((record: ActiveRecord) => string) | null {
  return queueName.endsWith('.fifo') ? (record) => record.groupId ?? '' : null;
}

function toFailures(
  records: readonly SqsRecord[],
  dispositions: readonly Disposition[],
): { itemIdentifier: string }[] {
  const failures: { itemIdentifier: string }[] = [];
  dispositions.forEach((disposition, index) => {
    const record = records[index];
    if (disposition !== null && record) failures.push({ itemIdentifier: record.messageId });
  });
  return failures;
}

/** Works through an SQS event and answers the messages to show again. */
export async function runEvent<Result>(
  plan: EventPlan<Result>,
  event: SqsEvent,
  context: LambdaContext | undefined,
): Promise<SqsBatchResponse> {
  const scope = new InvocationScope(context, plan.logger, plan.timeoutMs);
  const records = event.Records;
  try {
    const messages = records.map((record) => new ActiveRecord(record, scope));
    const dispositions = await runBatch(plan, { messages, watcher: scope });
    const batchItemFailures = toFailures(records, dispositions);
    if (batchItemFailures.length > 0) await showAgain(plan, records, dispositions);
    return { batchItemFailures };
  } finally {
    scope.dispose();
  }
}
