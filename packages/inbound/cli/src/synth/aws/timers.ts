import { KEY_ARN, trust } from './policies.js';
import { allow, scheduleGroup, scheduleFunctionArn } from './permissions.js';
import { attribute, sub } from './template.js';
import type { Resources } from './template.js';

const TWO_WEEKS = 1_209_600;

/** Where timers of stored schedules are kept, what lets them call the schedule function, and what becomes of calls that fail. */
export function timerResources(): Resources {
  const Condition = 'HasTimers';
  return {
    TimerGroup: {
      Type: 'AWS::Scheduler::ScheduleGroup',
      Condition,
      Properties: { Name: scheduleGroup },
    },
    TimerDeadLetters: {
      Type: 'AWS::SQS::Queue',
      Condition,
      Properties: { KmsMasterKeyId: KEY_ARN, MessageRetentionPeriod: TWO_WEEKS },
    },
    TimerRole: {
      Type: 'AWS::IAM::Role',
      Condition,
      Properties: {
        Description: sub('Timers of ${AWS::StackName}'),
        AssumeRolePolicyDocument: trust('scheduler.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'service',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                allow(['lambda:InvokeFunction'], [scheduleFunctionArn]),
                allow(['sqs:SendMessage'], [attribute('TimerDeadLetters', 'Arn')]),
                allow(['kms:Decrypt', 'kms:GenerateDataKey'], [KEY_ARN]),
              ],
            },
          },
        ],
      },
    },
  };
}
