import type { Schedule, ScheduleId, Scheduler } from '@tenon/core';
import type { Overrides } from '../fixtures/entities.js';
import { aSchedule } from '../fixtures/schedules.js';
import { describeContract } from './suite.js';
import type { Made, Skips, Suite } from './suite.js';

/** The app was woken for a schedule. */
export interface Wake {
  readonly scheduleId: ScheduleId;
  /** The time that was due. */
  readonly dueAt: Date;
}

/** A scheduler with a clock that is moved by hand. */
export interface SchedulerUnderTest extends Made {
  readonly scheduler: Scheduler;
  /** Where its clock stands. At first, early in a January. */
  now(): Date;
  /** Does what the app does when it stores a schedule, or changes it, before it asks for a timer. */
  store(schedule: Schedule): Promise<void>;
  /** Does what the app does when it deletes one. */
  forget(schedule: Schedule): Promise<void>;
  /** Moves the clock; answers what the app was woken for, in order. */
  passTo(moment: Date): Promise<readonly Wake[]>;
}

/** Options of {@link schedulerContract}. */
export interface SchedulerContractOptions {
  readonly make: () => Promise<SchedulerUnderTest>;
  readonly skip?: Skips;
}

type SchedulerSuite = Suite<SchedulerUnderTest>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const none = { cron: null, timeZone: 'UTC', everyMs: null, runAt: null } as const;

/** A day of its own for one test, with the schedules that it made. */
class Day {
  readonly #made = new Map<string, Schedule>();

  private constructor(
    private readonly under: SchedulerUnderTest,
    private readonly midnight: Date,
  ) {}

  /** Passes to the next midnight, UTC. */
  static async begin(under: SchedulerUnderTest): Promise<Day> {
    const midnight = new Date((Math.floor(under.now().getTime() / DAY_MS) + 1) * DAY_MS);
    await under.passTo(midnight);
    return new Day(under, midnight);
  }

  at(minute: number): Date {
    return new Date(this.midnight.getTime() + minute * MINUTE_MS);
  }

  every(minutes: number, first = minutes): Overrides<Schedule> {
    const runAt = this.at(first);
    return { ...none, kind: 'every', everyMs: minutes * MINUTE_MS, runAt, nextAt: runAt };
  }

  async keep(overrides: Overrides<Schedule>): Promise<Schedule> {
    const schedule = aSchedule(overrides);
    this.#made.set(schedule.id, schedule);
    await this.under.store(schedule);
    await this.under.scheduler.ensure(schedule);
    return schedule;
  }

  /** Minutes of the day at which a schedule is due. */
  async wakes({ id }: Schedule, untilMinute: number): Promise<readonly number[]> {
    const woken = await this.under.passTo(this.at(untilMinute));
    const own = woken.filter(({ scheduleId }) => scheduleId === id);
    return own.map(({ dueAt }) => (dueAt.getTime() - this.midnight.getTime()) / MINUTE_MS);
  }

  async end(): Promise<void> {
    for (const schedule of this.#made.values()) {
      await this.under.forget(schedule);
      await this.under.scheduler.remove(schedule);
    }
  }
}

async function onOneDay(
  under: SchedulerUnderTest,
  work: (day: Day) => Promise<void>,
): Promise<void> {
  const day = await Day.begin(under);
  try {
    await work(day);
  } finally {
    await day.end();
  }
}

function timesContract({ describe, it, expect }: SchedulerSuite): void {
  describe('times', () => {
    it('scheduler: wakes at a distance, from its first time on', (under) =>
      onOneDay(under, async (day) => {
        const schedule = await day.keep(day.every(10, 7));
        expect(await day.wakes(schedule, 30)).toEqual([7, 17, 27]);
      }));

    it('scheduler: reads cron in the time zone', (under) =>
      onOneDay(under, async (day) => {
        // Midnight, UTC, is one o'clock in Berlin in winter.
        const cron = {
          kind: 'cron',
          cron: '30 1,2 * * MON-SUN',
          timeZone: 'Europe/Berlin',
        } as const;
        const schedule = await day.keep({ ...none, ...cron, nextAt: day.at(30) });
        expect(await day.wakes(schedule, 180)).toEqual([30, 90]);
      }));

    it('scheduler: wakes once at one moment', (under) =>
      onOneDay(under, async (day) => {
        const at = day.at(5);
        const schedule = await day.keep({ ...none, kind: 'once', runAt: at, nextAt: at });
        expect(await day.wakes(schedule, 120)).toEqual([5]);
        expect(await day.wakes(schedule, 240)).toEqual([]);
      }));
  });
}

function changesContract({ describe, it, expect }: SchedulerSuite): void {
  describe('changes', () => {
    it('scheduler: ensuring again changes nothing', (under) =>
      onOneDay(under, async (day) => {
        const schedule = await day.keep(day.every(10));
        const plan = await under.scheduler.ensure(schedule);
        expect(plan).toEqual(under.scheduler.plan(schedule));
        expect(await day.wakes(schedule, 25)).toEqual([10, 20]);
      }));

    it('scheduler: another time takes the place of the one before', (under) =>
      onOneDay(under, async (day) => {
        const schedule = await day.keep(day.every(10));
        await day.keep({ ...schedule, ...day.every(15) });
        expect(await day.wakes(schedule, 31)).toEqual([15, 30]);
      }));

    it('scheduler: what is removed wakes nobody, and others go on', (under) =>
      onOneDay(under, async (day) => {
        const gone = await day.keep(day.every(10));
        const other = await day.keep(day.every(10));
        await under.forget(gone);
        await under.scheduler.remove(gone);
        await under.scheduler.remove(gone);
        const woken = await under.passTo(day.at(15));
        expect(woken.map(({ scheduleId }) => scheduleId)).toEqual([other.id]);
      }));

    it('scheduler: lists the timers that it says it keeps, and nothing else', (under) =>
      onOneDay(under, async (day) => {
        const { scheduler } = under;
        const kept = await day.keep(day.every(10));
        const gone = await day.keep(day.every(10));
        await scheduler.remove(gone);
        const plan = scheduler.plan(kept);
        const { tenantId, id } = kept;
        const timers = plan.kept ? [{ tenantId, id, fingerprint: plan.fingerprint }] : [];
        expect(await scheduler.list(null)).toEqual({ timers, next: null });
        const changed = scheduler.plan({ ...kept, everyMs: 20 * MINUTE_MS });
        const same = plan.kept && changed.kept && changed.fingerprint === plan.fingerprint;
        expect(same).toBe(false);
      }));
  });
}

/** The contract of `Scheduler`. */
export function schedulerContract(name: string, options: SchedulerContractOptions): void {
  const { make, skip } = options;
  describeContract(`Scheduler: ${name}`, { make, skip }, [timesContract, changesContract]);
}
