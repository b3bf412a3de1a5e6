import { functionId } from './logical-ids.js';
import { serviceRole } from './policies.js';
import { attribute, ref, when } from './template.js';
import type { Resources } from './template.js';

const MINUTE_SECONDS = 60;

/** Calls the schedule every minute. A beat that fails is not repeated: the next one does its work. */
export function scheduleResources(name: string): Resources {
  const target = attribute(functionId(name), 'Arn');
  return {
    Tick: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Description: 'Starts what is due, hands over the outbox, deletes what has expired',
        ScheduleExpression: 'rate(1 minute)',
        State: when('TakesTraffic', 'ENABLED', 'DISABLED'),
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: target,
          RoleArn: attribute('TickRole', 'Arn'),
          Input: JSON.stringify({
            id: '<aws.scheduler.execution-id>',
            time: '<aws.scheduler.scheduled-time>',
            resources: ['<aws.scheduler.schedule-arn>'],
          }),
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: MINUTE_SECONDS },
        },
      },
    },
    TickInvocations: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: ref(functionId(name)),
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: MINUTE_SECONDS,
      },
    },
    ...serviceRole('TickRole', 'scheduler.amazonaws.com', [['lambda:InvokeFunction'], target]),
  };
}
