import type { Scheduler, TimerPlan } from './scheduler.port.js';

const PLAN: TimerPlan = {
  kept: false,
  reason: 'schedules are looked at again and again, by the tick',
};

/** The local scheduler: it has no timers. Schedules wait in the database, and the tick starts what is due. */
export const tickingScheduler: Scheduler = {
  plan: () => PLAN,
  ensure: () => Promise.resolve(PLAN),
  remove: () => Promise.resolve(),
  list: () => Promise.resolve({ timers: [], next: null }),
  close: () => Promise.resolve(),
};
