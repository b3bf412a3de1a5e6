import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { SchedulerClientSettings, SchedulerLike } from './scheduler-like.js';

/** The SDK's own retries, with growing waits; after them the caller is told. */
const ATTEMPTS = 4;
const CONNECT_MS = 2_000;
const REQUEST_MS = 10_000;

/** The only file that names the SDK. It is loaded on first use. */
export function createSchedulerClient(settings: SchedulerClientSettings): SchedulerLike {
  const client = new SchedulerClient({
    ...settings,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  });
  return {
    createSchedule: (input) => client.send(new CreateScheduleCommand(input)),
    deleteSchedule: (input) => client.send(new DeleteScheduleCommand(input)),
    listSchedules: (input) => client.send(new ListSchedulesCommand(input)),
    destroy: () => {
      client.destroy();
    },
  };
}
