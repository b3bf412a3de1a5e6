import { arn, sub } from './template.js';
import type { Value } from './template.js';

/** A statement of a policy. */
export const allow = (actions: readonly string[], resources: readonly Value[]): Value => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources.length === 1 && resources[0] !== undefined ? resources[0] : resources,
});

/** The group of timers has the name of the stack. */
export const scheduleGroup = sub('${AWS::StackName}');
/** With timers, the schedule function has a name: it is told its own ARN, and nobody knows that of what is not made yet. */
export const scheduleFunctionName = sub('${AWS::StackName}-schedule');
export const scheduleFunctionArn = arn('lambda', 'function:${AWS::StackName}-schedule');
export const timersOfGroup = arn('scheduler', 'schedule/${AWS::StackName}/*');
