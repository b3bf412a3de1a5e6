import { CronerCron } from '@tenon/platform-node';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { schedulerContract, uniqueId } from '@tenon/testing';
import type { Wake } from '@tenon/testing';
import { nextTime } from './schedule-timing.js';
import { tickingScheduler } from './ticking-scheduler.js';

const MINUTE_MS = 60_000;

/** The tick, once in a minute: it claims what is due, and goes on with the next time. */
schedulerContract('the tick', {
  make: () => {
    const { schedules } = createMemoryPersistence();
    const cron = new CronerCron();
    let clock = new Date('2026-01-01T00:00:00Z');
    const tick = async (): Promise<readonly Wake[]> => {
      const order = { now: clock, limit: 1_000, owner: uniqueId(), leaseMs: 1_000 };
      const claims = await schedules.claimDue(order);
      for (const claim of claims) {
        const nextAt = nextTime(cron, claim.schedule, clock);
        const nothing = { missed: 0, lastMissed: null, started: null };
        await schedules.settle(claim, { ...nothing, nextAt, at: clock });
      }
      return claims.map(({ schedule, dueAt }) => ({ scheduleId: schedule.id, dueAt }));
    };
    return Promise.resolve({
      scheduler: tickingScheduler,
      now: () => clock,
      store: async (schedule) => {
        const known = await schedules.find(schedule.tenantId, schedule.id);
        if (known) await schedules.update({ ...schedule, version: known.version });
        else await schedules.insert(schedule);
      },
      forget: async ({ tenantId, id }) => {
        await schedules.delete(tenantId, id);
      },
      passTo: async (moment) => {
        const woken: Wake[] = [];
        while (clock < moment) {
          const next = Math.min(clock.getTime() + MINUTE_MS, moment.getTime());
          clock = new Date(next);
          woken.push(...(await tick()));
        }
        return woken;
      },
      close: () => Promise.resolve(),
    });
  },
});
