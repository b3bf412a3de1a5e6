import type { FunctionShape } from '../serverless-shape.js';
import { deadQueueId, functionId, partId, queueId } from './logical-ids.js';
import { attribute, ref, when } from './template.js';
import type { Resource, Resources, Value } from './template.js';

const FIVE_MINUTES = 300;
const OLD_SECONDS = 900;

interface Watch {
  readonly about: string;
  readonly namespace: string;
  readonly metric: string;
  readonly of: readonly [name: string, value: Value];
  readonly statistic: 'Maximum' | 'Sum';
  readonly above: number;
}

function alarm({ about, namespace, metric, of: [name, value], statistic, above }: Watch): Resource {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: about,
      Namespace: namespace,
      MetricName: metric,
      Dimensions: [{ Name: name, Value: value }],
      Statistic: statistic,
      Period: FIVE_MINUTES,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: above,
      TreatMissingData: 'notBreaching',
      AlarmActions: when('HasAlarmTopic', [ref('AlarmTopicArn')]),
      OKActions: when('HasAlarmTopic', [ref('AlarmTopicArn')]),
    },
  };
}

/** Says that a queue gave something up, or is not worked on. */
export function queueAlarms(queue: string): Resources {
  const watch = (id: string) =>
    ({
      namespace: 'AWS/SQS',
      statistic: 'Maximum',
      of: ['QueueName', attribute(id, 'QueueName')],
    }) as const;
  return {
    [partId('AlarmDeadLetters', queue)]: alarm({
      ...watch(deadQueueId(queue)),
      about: `The queue ${queue} gave messages up: they are no jobs, or never fit into the time of the function`,
      metric: 'ApproximateNumberOfMessagesVisible',
      above: 0,
    }),
    [partId('AlarmOldest', queue)]: alarm({
      ...watch(queueId(queue)),
      about: `A message of the queue ${queue} waits for more than ${OLD_SECONDS / 60} minutes`,
      metric: 'ApproximateAgeOfOldestMessage',
      above: OLD_SECONDS,
    }),
  };
}

/** Says that a function failed. */
export function functionAlarm({ name }: FunctionShape): Resources {
  return {
    [partId('AlarmErrors', name)]: alarm({
      about: `The function ${name} failed`,
      namespace: 'AWS/Lambda',
      metric: 'Errors',
      statistic: 'Sum',
      of: ['FunctionName', ref(functionId(name))],
      above: 0,
    }),
  };
}
