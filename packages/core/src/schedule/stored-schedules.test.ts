import { describe, expect, it } from '@jest/globals';
import { CronerCron } from '@tenon/platform-node';
import fc from 'fast-check';
import { z } from 'zod';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import { CreateSchedule } from './create-schedule.use-case.js';
import { DeleteSchedule } from './delete-schedule.use-case.js';
import { GetSchedule } from './get-schedule.use-case.js';
import { ListSchedules } from './list-schedules.use-case.js';
import type { CreateScheduleInput } from './schedule-input.js';
import { dueSpan } from './schedule-timing.js';
import type { Timing } from './schedule-timing.js';
import { TickSchedules } from './tick-schedules.use-case.js';
import { UpdateSchedule } from './update-schedule.use-case.js';

const minute = 60_000;

async function scheduledWorld() {
  const integration = defineIntegration({
    ...base,
    jobs: {
      work: { run: () => undefined },
      list: { input: z.object({ list: z.string() }), run: () => undefined },
    },
  });
  const world = await jobWorld(integration);
  const installation = await world.addInstallation();
  const { parts, context } = world;
  const { id: installationId } = installation;
  const create = (input: Partial<CreateScheduleInput>) =>
    new CreateSchedule(parts).execute(context, {
      ...{
        installationId,
        name: 'mine',
        job: 'work',
        when: { kind: 'every', everyMs: 10 * minute },
      },
      ...input,
    });
  const read = (scheduleId: Awaited<ReturnType<typeof create>>['id']) =>
    new GetSchedule(parts).execute(context, { installationId, scheduleId });
  const tick = () => new TickSchedules(parts).execute(world.app, { since: world.clock.now() });
  const after = async (minutes: number) => {
    world.clock.jumpTo(new Date(world.clock.now().getTime() + minutes * minute));
    return tick();
  };
  return { world, installation, installationId, create, read, tick, after };
}

describe('stored schedules', () => {
  it('start one run per time, however many processes tick, and go on', async () => {
    const { world, create, read, tick, after } = await scheduledWorld();
    const schedule = await create({ job: 'list', input: { list: 'a' } });
    expect(await tick()).toEqual({ started: 0, skipped: 0 });
    world.clock.jumpTo(schedule.nextAt!);
    const ticks = await Promise.all(Array.from({ length: 20 }, tick));
    expect(ticks.reduce((sum, { started }) => sum + started, 0)).toBe(1);
    expect(await world.work()).toEqual(['done']);
    const kept = await read(schedule.id);
    expect(kept).toMatchObject({
      lastStartedAt: schedule.nextAt,
      nextAt: new Date(schedule.nextAt!.getTime() + 10 * minute),
      missed: 0,
    });
    expect(await world.run({ id: kept.lastRunId! })).toMatchObject({ input: { list: 'a' } });
    expect(await after(9)).toEqual({ started: 0, skipped: 0 });
    expect(await after(1)).toEqual({ started: 1, skipped: 0 });
  });

  it('read cron expressions in their time zone, and end when their one time is over', async () => {
    const { world, create, read, after } = await scheduledWorld();
    const daily = await create({
      name: 'daily',
      when: { kind: 'cron', cron: '0 9 * * *', timeZone: 'Europe/Berlin' },
    });
    expect(daily.nextAt).toEqual(new Date('2026-01-01T08:00:00Z'));
    const at = new Date(world.clock.now().getTime() + 5 * minute);
    const once = await create({ name: 'once', when: { kind: 'once', at } });
    expect(await after(5)).toEqual({ started: 1, skipped: 0 });
    expect(await read(once.id)).toMatchObject({ enabled: false, nextAt: null, missed: 0 });
    expect(await read(daily.id)).toMatchObject({ nextAt: daily.nextAt, lastRunId: null });
  });

  it('report the times that were missed, and start the latest', async () => {
    const { world, create, read, after } = await scheduledWorld();
    const schedule = await create({});
    expect(await after(65)).toEqual({ started: 1, skipped: 5 });
    expect(await read(schedule.id)).toMatchObject({ missed: 5 });
    expect(world.eventsOf('schedule.missed').map(({ data }) => data)).toEqual([
      {
        ...{ scheduleId: schedule.id, installationId: schedule.installationId, name: 'mine' },
        ...{ missed: 5, reason: 'late' },
      },
    ]);
  });

  it('skip, queue or start while the last run is at work', async () => {
    for (const [overlap, atOnce, later] of [
      ['skip', { started: 0, skipped: 1 }, { started: 1, skipped: 0 }],
      ['queue', { started: 0, skipped: 0 }, { started: 1, skipped: 1 }],
      ['allow', { started: 1, skipped: 0 }, { started: 1, skipped: 0 }],
    ] as const) {
      const { world, create, after } = await scheduledWorld();
      await create({ overlap });
      expect(await after(10)).toEqual({ started: 1, skipped: 0 });
      expect([overlap, await after(10)]).toEqual([overlap, atOnce]);
      await world.work();
      expect([overlap, await after(10)]).toEqual([overlap, later]);
    }
  });

  it('count what is due while the installation is disabled as missed', async () => {
    const { world, installation, create, read, after } = await scheduledWorld();
    const schedule = await create({});
    const { installations } = world.innerPersistence;
    await installations.update({ ...installation, status: 'disabled' });
    expect(await after(10)).toEqual({ started: 0, skipped: 1 });
    expect(await read(schedule.id)).toMatchObject({ missed: 1, enabled: true });
    expect(world.eventsOf('schedule.missed')).toMatchObject([{ data: { reason: 'not_enabled' } }]);
  });

  it('count a time as missed when its input is refused by now, and go on', async () => {
    const { world, create, read, after } = await scheduledWorld();
    const schedule = await create({ job: 'list', input: { list: 'a' } });
    const { schedules } = world.innerPersistence;
    await schedules.update({ ...schedule, input: { other: 1 } });
    expect(await after(10)).toEqual({ started: 0, skipped: 1 });
    expect((await read(schedule.id)).nextAt).toEqual(
      new Date(world.clock.now().getTime() + 10 * minute),
    );
    expect(world.eventsOf('schedule.missed')).toMatchObject([{ data: { reason: 'failed' } }]);
  });

  it('are checked, listed, changed and deleted', async () => {
    const { world, installationId, create, read, after } = await scheduledWorld();
    const { parts, context } = world;
    const now = world.clock.now();
    const refusals: [Partial<CreateScheduleInput>, string][] = [
      [{ name: '' }, 'VALIDATION_FAILED'],
      [{ job: 'none' }, 'JOB_NOT_DECLARED'],
      [{ job: 'list', input: {} }, 'VALIDATION_FAILED'],
      [{ when: { kind: 'cron', cron: '99 * * * *' } }, 'VALIDATION_FAILED'],
      [{ when: { kind: 'cron', cron: '0 * * * *', timeZone: 'Mars/Base' } }, 'VALIDATION_FAILED'],
      [{ when: { kind: 'every', everyMs: 1 } }, 'VALIDATION_FAILED'],
      [{ when: { kind: 'every', everyMs: NaN } }, 'VALIDATION_FAILED'],
      [{ when: { kind: 'once', at: now } }, 'VALIDATION_FAILED'],
      [{ overlap: 'other' as never }, 'VALIDATION_FAILED'],
    ];
    for (const [input, code] of refusals)
      await expect(create(input)).rejects.toMatchObject({ code });
    const schedule = await create({ enabled: false });
    expect(schedule.nextAt).toBeNull();
    await expect(create({})).rejects.toMatchObject({ code: 'SCHEDULE_EXISTS' });
    expect(await after(30)).toEqual({ started: 0, skipped: 0 });
    const list = await new ListSchedules(parts).execute(context, { installationId });
    expect(list.items).toEqual([schedule]);
    const update = new UpdateSchedule(parts);
    const target = { installationId, scheduleId: schedule.id };
    const on = await update.execute(context, { ...target, enabled: true });
    expect(on.nextAt).toEqual(new Date(world.clock.now().getTime() + 10 * minute));
    const other = await update.execute(context, {
      ...target,
      when: { kind: 'cron', cron: '0 * * * *' },
      overlap: 'allow',
    });
    expect(other).toMatchObject({ kind: 'cron', everyMs: null, runAt: null, overlap: 'allow' });
    expect(await read(schedule.id)).toEqual(other);
    await new DeleteSchedule(parts).execute(context, target);
    await expect(read(schedule.id)).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
  });

  it('do not start again when their one time is over', async () => {
    const { world, installationId, create, after } = await scheduledWorld();
    const at = new Date(world.clock.now().getTime() + minute);
    const { id: scheduleId } = await create({ when: { kind: 'once', at } });
    await after(1);
    const change = { installationId, scheduleId, enabled: true };
    await expect(
      new UpdateSchedule(world.parts).execute(world.context, change),
    ).rejects.toMatchObject({ code: 'SCHEDULE_ENDED' });
  });
});

describe('dueSpan', () => {
  const cron = new CronerCron();
  const timings: fc.Arbitrary<Timing> = fc.oneof(
    fc.integer({ min: 1_000, max: 5_000_000 }).map((everyMs): Timing => ({
      ...{ kind: 'every', cron: null, timeZone: 'UTC', everyMs, runAt: new Date(0) },
    })),
    fc.constantFrom('* * * * *', '*/7 * * * *', '30 3 * * *').map((expression): Timing => ({
      ...{ kind: 'cron', cron: expression, timeZone: 'UTC', everyMs: null, runAt: null },
    })),
  );

  it('divides time without gap: missed before latest, latest up to now, next after it', () => {
    const property = fc.property(
      timings,
      fc.integer({ min: 0, max: 5 * 24 * 60 }),
      (timing, minutes) => {
        const start = new Date('2026-01-01T03:30:00Z');
        const first = dueSpan(cron, timing, { dueAt: start, now: start }).next!;
        const now = new Date(first.getTime() + minutes * minute);
        const { latest, missed, next } = dueSpan(cron, timing, { dueAt: first, now });
        expect(latest <= now && latest >= first && next! > now).toBe(true);
        let time = first;
        for (let step = 0; step < Math.min(missed, 500); step += 1) {
          time = dueSpan(cron, timing, { dueAt: time, now: time }).next!;
        }
        if (missed <= 500) expect(time).toEqual(latest);
        expect(dueSpan(cron, timing, { dueAt: latest, now: latest }).next).toEqual(next);
      },
    );
    fc.assert(property, { numRuns: 50 });
  });
});
