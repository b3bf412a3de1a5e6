import type { LambdaRuntime } from './start-lambda-runtime.js';

/** A message as a queue hands it out. */
export interface PolledMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<
    Record<string, { readonly dataType: string; readonly stringValue?: string }>
  >;
  readonly md5OfBody: string;
}

/** What the poller needs of a queue; an SQS client fits with a few lines. */
export interface PollableQueue {
  /** Waits up to `waitMs` for at most `max` messages. */
  receive(max: number, waitMs: number): Promise<readonly PolledMessage[]>;
  delete(messages: readonly PolledMessage[]): Promise<void>;
}

/** Options of {@link startEventSourceMapping}. */
export interface EventSourceMappingOptions {
  readonly queue: PollableQueue;
  /** Instances of the function; each gets one batch at a time. */
  readonly runtimes: readonly Pick<LambdaRuntime, 'invoke'>[];
  /** Default: 10. */
  readonly batchSize?: number;
  readonly queueArn?: string;
  /** Whether `ReportBatchItemFailures` is on. Default: true. */
  readonly reportBatchItemFailures?: boolean;
}

/** What a mapping did so far. */
export interface EventSourceMappingStats {
  readonly invocations: number;
  readonly deleted: number;
  /** Left in the queue, to come again. */
  readonly failed: number;
}

/** A running mapping. */
export interface EventSourceMapping {
  readonly stats: EventSourceMappingStats;
  /** Ends after the batches that are under way. */
  stop(): Promise<void>;
}

function toRecord(message: PolledMessage, queueArn: string): object {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.messageAttributes).map(([name, value]) => [
        name,
        { ...value, stringListValues: [], binaryListValues: [] },
      ]),
    ),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: 'us-east-1',
  };
}

function identifiers(result: unknown): readonly unknown[] | null {
  if (result === null || result === undefined) return [];
  if (typeof result !== 'object') return null;
  const { batchItemFailures } = result as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return [];
  if (!Array.isArray(batchItemFailures)) return null;
  return batchItemFailures.map(
    (failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
}

/**
 * The messages of a batch that stay in the queue, by the rules of Lambda: an empty answer means that all went well; an
 * answer that cannot be read, an empty identifier or one that is not in the batch fails all of it.
 */
export function failedMessages<Message extends { readonly messageId: string }>(
  batch: readonly Message[],
  result: unknown,
): readonly Message[] {
  const failed = identifiers(result);
  if (failed === null) return batch;
  const known = new Set(batch.map(({ messageId }) => messageId));
  if (failed.some((id) => typeof id !== 'string' || !known.has(id))) return batch;
  return batch.filter(({ messageId }) => failed.includes(messageId));
}

const WAIT_MS = 1000;

/** Polls a queue and hands batches to functions, deleting what they accept: what Lambda does for SQS. */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { queue, batchSize = 10, reportBatchItemFailures = true } = options;
  const { queueArn = 'arn:aws:sqs:us-east-1:000000000000:queue' } = options;
  const stats = { invocations: 0, deleted: 0, failed: 0 };
  let stopped = false;

  const runBatch = async (runtime: Pick<LambdaRuntime, 'invoke'>): Promise<void> => {
    const batch = await queue.receive(batchSize, WAIT_MS);
    if (batch.length === 0) return;
    const outcome = await runtime.invoke({
      Records: batch.map((message) => toRecord(message, queueArn)),
    });
    stats.invocations += 1;
    const accepted = outcome.ok && (reportBatchItemFailures ? outcome.result : null);
    const failed = outcome.ok ? failedMessages(batch, accepted) : batch;
    const done = batch.filter((message) => !failed.includes(message));
    if (done.length > 0) await queue.delete(done);
    stats.deleted += done.length;
    stats.failed += failed.length;
  };
  const poll = async (runtime: Pick<LambdaRuntime, 'invoke'>): Promise<void> => {
    while (!stopped) await runBatch(runtime);
  };
  const polling = Promise.all(options.runtimes.map(poll));
  return {
    stats,
    stop: async () => {
      stopped = true;
      await polling;
    },
  };
}
