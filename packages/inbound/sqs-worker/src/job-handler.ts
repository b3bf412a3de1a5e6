import { silentLogger, validateOptions } from '@tenon/core';
import type { AppContext, Commands, Logger, Queue } from '@tenon/core';
import { runBatch } from './batch.js';
import type { Disposition } from './batch.js';
import { InvocationScope } from './record-context.js';
import { toBatchResponse } from './show-again.js';
import type { LambdaContext, SqsBatchResponse, SqsEvent, SqsRecord } from './sqs-event.js';

/** Options of {@link createJobHandler}. */
export interface JobHandlerOptions {
  /** Logical name of the queue that feeds this function. */
  readonly queueName: string;
  /** `app.commands.jobs.process`, or a function that loads the app on the first message. */
  readonly process: Commands['jobs']['process'];
  /** Shows messages again at the time that a job asks for. Without it the queue's visibility time-out decides. */
  readonly queue?: Queue;
  /** Jobs at once. Default: 10. */
  readonly concurrency?: number;
  readonly logger?: Logger;
}

type Settings = JobHandlerOptions & Required<Pick<JobHandlerOptions, 'concurrency' | 'logger'>>;

async function processRecord(
  settings: Settings,
  scope: InvocationScope,
  record: SqsRecord,
): Promise<Disposition> {
  const context: AppContext = {
    requestId: scope.requestId,
    actor: 'system',
    logger: settings.logger,
  };
  const outcome = await settings.process(context, {
    body: record.body,
    queue: settings.queueName,
    messageId: record.messageId,
    groupId: record.attributes.MessageGroupId ?? null,
    receiveCount: Number(record.attributes.ApproximateReceiveCount ?? 1),
    signal: scope.signal,
  });
  return outcome.decision === 'ack' ? null : { delayMs: outcome.delayMs };
}

/** Makes the Lambda handler that runs an app's jobs from SQS. It declares two parameters and answers partial failures. */
export function createJobHandler(
  options: JobHandlerOptions,
): (event: SqsEvent, context?: LambdaContext) => Promise<SqsBatchResponse> {
  const settings = validateOptions<Settings>('createJobHandler', options, {
    required: ['queueName', 'process'],
    defaults: { concurrency: 10, logger: silentLogger },
    optional: ['queue'],
  });
  const fifo = settings.queueName.endsWith('.fifo');
  return async (event, context) => {
    const scope = new InvocationScope(context, settings.logger);
    try {
      const dispositions = await runBatch<SqsRecord>({
        messages: event.Records,
        handle: (record) => processRecord(settings, scope, record),
        concurrency: settings.concurrency,
        groupOf: (record) => (fifo ? (record.attributes.MessageGroupId ?? '') : null),
      });
      return await toBatchResponse(settings, event.Records, dispositions);
    } finally {
      scope.dispose();
    }
  };
}
