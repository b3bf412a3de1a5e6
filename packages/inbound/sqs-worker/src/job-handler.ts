import { silentLogger, validateOptions } from '@tenon/core/kernel';
import type { AppContext, Commands, JobOutcome, Logger, Queue } from '@tenon/core';
import { LEFT } from './batch.js';
import type { Disposition } from './batch.js';
import { groupingOf, runEvent } from './event.js';
import type { EventPlan } from './event.js';
import { requireAtLeast } from './options-check.js';
import type { ActiveRecord } from './record-context.js';
import type { LambdaContext, SqsBatchResponse, SqsEvent } from './sqs-event.js';
import { codeOf } from './worker.errors.js';

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

function processRecord(settings: Settings, record: ActiveRecord): Promise<JobOutcome> {
  const { requestId, messageId, groupId, receiveCount, signal } = record;
  const context: AppContext = { requestId, actor: 'system', logger: settings.logger };
  const { body } = record.record;
  return settings.process(context, {
    body,
    queue: settings.queueName,
    messageId,
    groupId,
    receiveCount,
    signal,
  });
}

/** What a job's outcome means for its message. */
export function dispositionOf(outcome: JobOutcome): Disposition {
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
  requireAtLeast('createJobHandler', settings, { concurrency: 1 });
  const plan: EventPlan<JobOutcome> = {
    ...settings,
    queue: settings.queue,
    timeoutMs: undefined,
    groupOf: groupingOf(settings.queueName),
    handle: (record) => processRecord(settings, record),
    accept: dispositionOf,
    // Jobs turn their failures into outcomes; what is thrown comes from loading the app.
    fail: (error, record) => {
      record.logger.error('A job could not be processed', { code: codeOf(error) });
      return LEFT;
    },
  };
  return (event, context) => runEvent(plan, event, context);
}
