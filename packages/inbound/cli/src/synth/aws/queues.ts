import type { FunctionShape } from '../serverless-shape.js';
import { deadQueueId, functionId, partId, queueId } from './logical-ids.js';
import { KEY_ARN } from './policies.js';
import { attribute, ref, when } from './template.js';
import type { Properties, Resource, Resources } from './template.js';

const TWO_WEEKS = 1_209_600;
const MEBIBYTE = 1_048_576;
/** Jobs have dead letters in the database; this is for what is no job, or never fits into the function's time. */
const MAX_RECEIVES = 50;
const VISIBILITY_FACTOR = 6;
const BATCH = 10;

const isFifo = (queue: string): boolean => queue.endsWith('.fifo');

const fifo: Properties = {
  FifoQueue: true,
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};

// Without names: CloudFormation makes those of FIFO queues end as they must.
function queueOf(queue: string, properties: Properties): Resource {
  return {
    Type: 'AWS::SQS::Queue',
    Properties: {
      ...(isFifo(queue) && fifo),
      KmsMasterKeyId: KEY_ARN,
      MessageRetentionPeriod: TWO_WEEKS,
      MaximumMessageSize: MEBIBYTE,
      ...properties,
    },
  };
}

/** A queue, the queue of what it gives up, and the mapping to its worker. */
export function queueResources(queue: string, worker: FunctionShape): Resources {
  const { name, timeoutSeconds } = worker;
  return {
    [queueId(queue)]: queueOf(queue, {
      VisibilityTimeout: VISIBILITY_FACTOR * timeoutSeconds,
      RedrivePolicy: {
        deadLetterTargetArn: attribute(deadQueueId(queue), 'Arn'),
        maxReceiveCount: MAX_RECEIVES,
      },
    }),
    [deadQueueId(queue)]: queueOf(queue, {}),
    [partId('Mapping', name)]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: attribute(queueId(queue), 'Arn'),
        FunctionName: ref(functionId(name)),
        BatchSize: BATCH,
        Enabled: when('TakesTraffic', true, false),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: ref('WorkerConcurrency') },
      },
    },
  };
}
