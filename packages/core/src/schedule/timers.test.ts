import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CronerCron } from '@tenon/platform-node';
import { aSchedule } from '@tenon/testing';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import { TenonError } from '../platform/tenon.error.js';
import { catchUp } from './catch-up.js';
import { CreateSchedule } from './create-schedule.use-case.js';
import { DeleteSchedule } from './delete-schedule.use-case.js';
import { FireSchedule, timerInput } from './fire-schedule.use-case.js';
import { GetSchedule } from './get-schedule.use-case.js';
import type { CreateScheduleInput } from './schedule-input.js';
import { reconcileTimers } from './schedule-timers.js';
import type { Schedule } from './schedule.js';
import type { KeptTimer, Scheduler, TimerPlan } from './scheduler.port.js';
import { TickSchedules } from './tick-schedules.use-case.js';
import { UpdateSchedule } from './update-schedule.use-case.js';

const minute = 60_000;

/** Keeps timers in memory, when it is not down. Those of distances below a minute it refuses. */
class ShelfScheduler implements Scheduler {
  readonly timers = new Map<string, KeptTimer>();
  down = false;

  plan({ everyMs, kind, cron, runAt }: Schedule): TimerPlan {
    if (everyMs !== null && everyMs < minute) return { kept: false, reason: 'too often' };
    return { kept: true, fingerprint: JSON.stringify([kind, cron, everyMs, runAt]) };
  }

  ensure(schedule: Schedule): Promise<TimerPlan> {
    const plan = this.plan(schedule);
    return this.#do(() => {
      const { tenantId, id } = schedule;
      if (plan.kept) this.timers.set(id, { tenantId, id, fingerprint: plan.fingerprint });
      return plan;
    });
  }

  remove({ id }: Pick<Schedule, 'id'>): Promise<void> {
    return this.#do(() => void this.timers.delete(id));
  }

  list() {
    return this.#do(() => ({ timers: [...this.timers.values()], next: null }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #do<T>(work: () => T): Promise<T> {
    const problem = {
      code: 'SCHEDULER_UNAVAILABLE',
      category: 'unavailable',
      message: 'down',
    } as const;
    return this.down ? Promise.reject(new TenonError(problem)) : Promise.resolve().then(work);
  }
}

async function timedWorld() {
  const world = await jobWorld(
    defineIntegration({ ...base, jobs: { work: { run: () => undefined } } }),
  );
  const scheduler = new ShelfScheduler();
  const parts = { ...world.parts, scheduler };
  const { id: installationId } = await world.addInstallation();
  const when = { kind: 'every', everyMs: 10 * minute } as const;
  const create = (input: Partial<CreateScheduleInput> = {}) =>
    new CreateSchedule(parts).execute(world.context, {
      ...{ installationId, name: 'mine', job: 'work', when, ...input },
    });
  const read = ({ id: scheduleId }: Schedule) =>
    new GetSchedule(parts).execute(world.context, { scheduleId });
  const fire = (schedule: Schedule, at: Date) =>
    new FireSchedule(parts).execute(world.app, { input: timerInput(schedule), at });
  const pass = (minutes: number): void => {
    world.clock.jumpTo(new Date(world.clock.now().getTime() + minutes * minute));
  };
  return { world, parts, scheduler, create, read, fire, pass };
}

describe('timers of stored schedules', () => {
  it('come, change and go with their schedules', async () => {
    const { world, parts, scheduler, create } = await timedWorld();
    const schedule = await create();
    const [before] = scheduler.timers.values();
    expect(before).toMatchObject({ id: schedule.id, tenantId: schedule.tenantId });
    const update = (input: object) =>
      new UpdateSchedule(parts).execute(world.context, { scheduleId: schedule.id, ...input });
    await update({ when: { kind: 'every', everyMs: 20 * minute } });
    const [after] = scheduler.timers.values();
    expect(after?.fingerprint).not.toBe(before?.fingerprint);
    await update({ enabled: false });
    expect(scheduler.timers.size).toBe(0);
    await update({ enabled: true });
    expect(scheduler.timers.size).toBe(1);
    const input = { scheduleId: schedule.id };
    await new DeleteSchedule(parts).execute(world.context, input);
    expect(scheduler.timers.size).toBe(0);
  });

  it('are made later when the scheduler is down; the schedule is stored all the same', async () => {
    const { world, parts, scheduler, create, pass } = await timedWorld();
    scheduler.down = true;
    const schedule = await create();
    expect(scheduler.timers.size).toBe(0);
    await expect(reconcileTimers(parts, world.logger)).rejects.toThrow('down');
    scheduler.down = false;
    expect(await reconcileTimers(parts, world.logger)).toBe(1);
    expect([...scheduler.timers.keys()]).toEqual([schedule.id]);
    // One process looks, and not again for a while.
    scheduler.timers.clear();
    expect(await reconcileTimers(parts, world.logger)).toBe(0);
    pass(16);
    expect(await reconcileTimers(parts, world.logger)).toBe(1);
  });

  it('that are outdated or orphaned are found, and nothing else is touched', async () => {
    const { world, parts, scheduler, create } = await timedWorld();
    const right = await create({ name: 'right' });
    const outdated = await create({ name: 'outdated' });
    await create({ name: 'often', when: { kind: 'every', everyMs: 1_000 } });
    const orphan = aSchedule();
    await scheduler.ensure(orphan);
    await scheduler.ensure({ ...outdated, everyMs: 99 * minute });
    expect(await reconcileTimers(parts, world.logger)).toBe(2);
    expect([...scheduler.timers.keys()].sort()).toEqual([right.id, outdated.id].sort());
    for (const each of [right, outdated]) {
      const { fingerprint } = scheduler.timers.get(each.id)!;
      expect(scheduler.plan(each)).toEqual({ kept: true, fingerprint });
    }
  });

  it('start a time once, however often they fire, and however the tick goes', async () => {
    const { world, parts, create, read, fire, pass } = await timedWorld();
    const schedule = await create();
    const due = schedule.nextAt!;
    pass(10);
    const fired = await Promise.all(Array.from({ length: 10 }, () => fire(schedule, due)));
    expect(fired.reduce((sum, each) => sum + (each?.started ?? 0), 0)).toBe(1);
    const since = new Date(due.getTime() - minute);
    const ticked = await new TickSchedules(parts).execute(world.app, { since });
    expect(ticked).toEqual({ started: 0, skipped: 0 });
    expect(await read(schedule)).toMatchObject({ missed: 0, lastStartedAt: due });
    expect(await world.work()).toEqual(['done']);
  });

  it('may fire before our clock is there', async () => {
    const { create, read, fire, pass } = await timedWorld();
    const schedule = await create();
    const due = schedule.nextAt!;
    pass(9.5);
    expect(await fire(schedule, due)).toEqual({ started: 1, skipped: 0 });
    const kept = await read(schedule);
    expect(kept.nextAt).toEqual(new Date(due.getTime() + 10 * minute));
    // Nobody is believed who is far ahead.
    expect(await fire(schedule, kept.nextAt!)).toEqual({ started: 0, skipped: 0 });
  });

  it('follow the overlap policy, and what they skip is reported', async () => {
    const { world, create, read, fire, pass } = await timedWorld();
    const schedule = await create();
    pass(10);
    await fire(schedule, schedule.nextAt!);
    pass(10);
    const second = (await read(schedule)).nextAt!;
    expect(await fire(schedule, second)).toEqual({ started: 0, skipped: 1 });
    expect(await read(schedule)).toMatchObject({
      ...{ missed: 1, lastMissedAt: second, lastMiss: 'overlap' },
    });
    expect(world.eventsOf('schedule.missed')).toHaveLength(1);
    const warned = world.logger.lines.filter(({ level }) => level === 'warn');
    expect(warned).toHaveLength(1);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ timer: {} }],
    [{ timer: { tenantId: 'x', scheduleId: 'y' } }],
  ])('are not what %j is', async (input) => {
    const { world, parts } = await timedWorld();
    const fired = new FireSchedule(parts).execute(world.app, { input, at: world.clock.now() });
    expect(await fired).toBeNull();
  });
});

describe('catching up', () => {
  const cron = new CronerCron();
  const dueAt = new Date('2026-01-01T00:00:00Z');
  const after = (minutes: number): Date => new Date(dueAt.getTime() + minutes * minute);
  const planOf = (policy: Schedule['catchUp'], minutes: number) =>
    catchUp(
      cron,
      aSchedule({ everyMs: 10 * minute, runAt: dueAt, nextAt: dueAt, catchUp: policy }),
      { dueAt, now: after(minutes) },
    );

  it.each([
    ['last', 0, { time: dueAt, missed: 0, lastMissed: null, next: after(10) }],
    ['last', 35, { time: after(30), missed: 3, lastMissed: after(20), next: after(40) }],
    ['none', 4, { time: dueAt, missed: 0, lastMissed: null, next: after(10) }],
    ['none', 6, { time: null, missed: 1, lastMissed: dueAt, next: after(10) }],
    ['none', 36, { time: null, missed: 4, lastMissed: after(30), next: after(40) }],
    ['all', 0, { time: dueAt, missed: 0, lastMissed: null, next: after(10) }],
    ['all', 35, { time: dueAt, missed: 0, lastMissed: null, next: after(10) }],
    ['all', 1_005, { time: after(10), missed: 1, lastMissed: dueAt, next: after(20) }],
  ] as const)('%s, %d minutes later', (policy, minutes, plan) => {
    expect(planOf(policy, minutes)).toEqual(plan);
  });

  it('starts or reports every time, whatever the policy', () => {
    const policies = fc.constantFrom('none' as const, 'last' as const, 'all' as const);
    const property = fc.property(
      policies,
      fc.integer({ min: 0, max: 3_000 }),
      (policy, minutes) => {
        const schedule = aSchedule({ everyMs: 10 * minute, runAt: dueAt, catchUp: policy });
        const now = after(minutes);
        let [at, told] = [dueAt, 0];
        for (let step = 0; step < 400 && at <= now; step += 1) {
          const plan = catchUp(cron, schedule, { dueAt: at, now });
          told += plan.missed + (plan.time === null ? 0 : 1);
          expect(plan.next!.getTime()).toBeGreaterThan(at.getTime());
          at = plan.next!;
        }
        expect(told).toBe(Math.floor(minutes / 10) + 1);
      },
    );
    fc.assert(property);
  });

  it('makes up for each time in turn, when asked to', async () => {
    const { world, create, read, pass, parts } = await timedWorld();
    const schedule = await create({ catchUp: 'all', overlap: 'allow' });
    pass(35);
    const counts = await new TickSchedules(parts).execute(world.app, { since: world.clock.now() });
    expect(counts).toEqual({ started: 3, skipped: 0 });
    expect(await read(schedule)).toMatchObject({ missed: 0, catchUp: 'all' });
    expect(await world.work()).toEqual(['done', 'done', 'done']);
  });

  it('takes no policy that there is not', async () => {
    const { create } = await timedWorld();
    const wrong = create({ catchUp: 'some' as never });
    await expect(wrong).rejects.toThrow('catchUp: none, last, all');
  });
});
