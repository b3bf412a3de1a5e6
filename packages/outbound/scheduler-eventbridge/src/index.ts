export { createEventBridgeScheduler } from './create-eventbridge-scheduler.js';
export type { EventBridgeScheduler } from './eventbridge-scheduler.js';
export type { EventBridgeSchedulerOptions } from './options.js';
export type {
  ListedSchedules,
  NewSchedule,
  SchedulerClientSettings,
  SchedulerLike,
} from './scheduler-like.js';
