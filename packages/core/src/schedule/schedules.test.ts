import { describe, expect, it } from '@jest/globals';
import { CronerCron } from '@tenon/platform-node';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import { dueTimes } from './due-times.js';
import { TickSchedules } from './tick-schedules.use-case.js';

const minute = 60_000;

function scheduled(overlap: 'skip' | 'allow' = 'skip') {
  return defineIntegration({
    ...base,
    jobs: { work: { run: () => undefined } },
    schedules: { often: { cron: '*/10 * * * *', job: 'work', overlap } },
  });
}

describe('dueTimes', () => {
  const cron = new CronerCron();
  const now = new Date('2026-03-01T12:00:00Z');
  const due = (expression: string, since: string, timeZone = 'UTC') =>
    dueTimes(cron, { cron: expression, timeZone }, { since: new Date(since), now });

  it('finds the latest time after since and up to now, and counts those before it', () => {
    expect(due('0 * * * *', '2026-03-01T08:00:00Z')).toEqual({ latest: now, missed: 3 });
    expect(due('0 * * * *', '2026-03-01T11:00:00Z')).toEqual({ latest: now, missed: 0 });
    expect(due('0 * * * *', '2026-03-01T12:00:00Z')).toBeNull();
    expect(due('30 14 * * *', '2026-02-27T00:00:00Z', 'Europe/Berlin')).toEqual({
      ...{ latest: new Date('2026-02-28T13:30:00Z'), missed: 1 },
    });
  });

  it('does not walk through every second of a long pause', () => {
    const began = Date.now();
    expect(due('* * * * * *', '2020-01-01T00:00:00Z')).toEqual({ latest: now, missed: 1_000 });
    expect(due('0 0 1 1 *', '2020-06-01T00:00:00Z')?.latest).toEqual(new Date('2026-01-01'));
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('schedules', () => {
  it('start one run per time, however many processes tick', async () => {
    const world = await jobWorld(scheduled());
    await world.addInstallation();
    const tick = new TickSchedules(world.parts);
    const since = world.clock.now();
    expect(await tick.execute(world.app, { since })).toEqual({ started: 0, skipped: 0 });
    await world.clock.advance(10 * minute);
    const ticks = await Promise.all([1, 2, 3].map(() => tick.execute(world.app, { since })));
    expect(ticks.map(({ started }) => started).sort()).toEqual([0, 0, 1]);
    expect(await world.work()).toEqual(['done']);
    const page = { limit: 10, after: null };
    const { items } = await world.innerPersistence.runs.list(world.tenant.id, {}, page);
    expect(items).toMatchObject([{ key: 'schedule:often:2026-01-01T00:10:00.000Z' }]);
    await tick.execute(world.app, { since });
    expect(await world.work()).toEqual([]);
  });

  it('skip a time while the last run is at work, unless overlap is allowed', async () => {
    for (const overlap of ['skip', 'allow'] as const) {
      const world = await jobWorld(scheduled(overlap));
      await world.addInstallation();
      const tick = new TickSchedules(world.parts);
      const first = world.clock.now();
      await world.clock.advance(10 * minute);
      await tick.execute(world.app, { since: first });
      const since = world.clock.now();
      await world.clock.advance(10 * minute);
      const started = overlap === 'allow' ? 1 : 0;
      expect(await tick.execute(world.app, { since })).toEqual({ started, skipped: 1 - started });
    }
  });

  it('start only the latest of the times that were missed', async () => {
    const world = await jobWorld(scheduled());
    await world.addInstallation();
    const since = world.clock.now();
    await world.clock.advance(60 * minute);
    const tick = new TickSchedules(world.parts);
    expect(await tick.execute(world.app, { since })).toEqual({ started: 1, skipped: 5 });
  });

  it('leave disabled installations and suspended tenants alone', async () => {
    const world = await jobWorld(scheduled());
    await world.addInstallation({ status: 'disabled' });
    const since = world.clock.now();
    await world.clock.advance(10 * minute);
    const tick = new TickSchedules(world.parts);
    expect(await tick.execute(world.app, { since })).toEqual({ started: 0, skipped: 0 });
    const other = await jobWorld(scheduled());
    await other.addInstallation();
    await other.clock.advance(10 * minute);
    await other.innerPersistence.tenants.update({ ...other.tenant, status: 'suspended' });
    const otherTick = new TickSchedules(other.parts);
    expect(await otherTick.execute(other.app, { since })).toEqual({ started: 0, skipped: 0 });
  });
});
