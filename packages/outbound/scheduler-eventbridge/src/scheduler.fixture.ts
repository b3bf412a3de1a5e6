import { startFakeScheduler, uniqueId } from '@tenon/testing';
import type { FakeSchedulerServer } from '@tenon/testing';
import { createEventBridgeScheduler } from './create-eventbridge-scheduler.js';
import type { EventBridgeScheduler } from './eventbridge-scheduler.js';
import type { EventBridgeSchedulerOptions } from './options.js';

export const GROUP = 'crm-test';
export const TARGET = 'arn:aws:lambda:us-east-1:000000000000:function:crm-schedule';
export const ROLE = 'arn:aws:iam::000000000000:role/crm-timers';

/** A scheduler before a fake of EventBridge Scheduler, whose clocks stand still. */
export interface Rig {
  readonly server: FakeSchedulerServer;
  readonly scheduler: EventBridgeScheduler;
  clock: Date;
  again(options: Partial<EventBridgeSchedulerOptions>): EventBridgeScheduler;
  stop(): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  // The SDK looks for credentials in the environment first.
  process.env['AWS_ACCESS_KEY_ID'] ??= uniqueId();
  process.env['AWS_SECRET_ACCESS_KEY'] ??= uniqueId();
  const clock = new Date('2026-01-01T00:00:00Z');
  const server = await startFakeScheduler({ groups: [GROUP], now: clock });
  const made: EventBridgeScheduler[] = [];
  const again = (options: Partial<EventBridgeSchedulerOptions>): EventBridgeScheduler => {
    const scheduler = createEventBridgeScheduler({
      ...{ groupName: GROUP, targetArn: TARGET, roleArn: ROLE },
      ...{ endpoint: server.endpoint, region: 'us-east-1', now: () => rig.clock },
      ...options,
    });
    made.push(scheduler);
    return scheduler;
  };
  const rig: Rig = {
    ...{ server, clock, again },
    // Made below: it asks for the clock that moves.
    scheduler: undefined as never,
    stop: async () => {
      for (const scheduler of made) await scheduler.close();
      await server.stop();
    },
  };
  return Object.assign(rig, { scheduler: again({}) });
}
