import { EventBridgeScheduler } from './eventbridge-scheduler.js';
import { validSchedulerOptions } from './options.js';
import type { EventBridgeSchedulerOptions } from './options.js';

/**
 * Timers of stored schedules at EventBridge Scheduler. Asks nobody before the first schedule.
 *
 * @example
 * const scheduler = createEventBridgeScheduler({
 *   groupName: 'crm-production',
 *   targetArn: 'arn:aws:lambda:eu-central-1:111122223333:function:crm-schedule',
 *   roleArn: 'arn:aws:iam::111122223333:role/crm-timers',
 * });
 *
 * @throws MisconfiguredError for an option that is unknown, missing or wrong.
 */
export function createEventBridgeScheduler(
  options: EventBridgeSchedulerOptions,
): EventBridgeScheduler {
  return new EventBridgeScheduler(validSchedulerOptions(options));
}
