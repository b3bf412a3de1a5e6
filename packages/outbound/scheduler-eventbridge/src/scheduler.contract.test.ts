import type { ScheduleId } from '@tenon/core';
import { schedulerContract } from '@tenon/testing';
import { startRig } from './scheduler.fixture.js';

interface Woken {
  readonly time: string;
  readonly detail: { readonly timer: { readonly scheduleId: ScheduleId } };
}

schedulerContract('EventBridge', {
  make: async () => {
    const rig = await startRig();
    return {
      scheduler: rig.scheduler,
      now: () => rig.clock,
      store: () => Promise.resolve(),
      forget: () => Promise.resolve(),
      passTo: (moment) => {
        const calls = rig.server.advanceTo(moment);
        rig.clock = moment;
        const woken = calls.map(({ input }) => JSON.parse(input) as Woken);
        return Promise.resolve(
          woken.map(({ time, detail }) => ({
            scheduleId: detail.timer.scheduleId,
            dueAt: new Date(time),
          })),
        );
      },
      close: () => rig.stop(),
    };
  },
});
