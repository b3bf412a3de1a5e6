import type { ClaimedSchedule, Repositories, Schedule, TimerKey } from '@tenon/core';
import { aSchedule } from '../fixtures/schedules.js';
import { uniqueId, uniquePast } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

const everything: Partial<Schedule> = {
  job: 'report',
  input: { list: [1, null, 'é'] },
  kind: 'cron',
  cron: '*/5 * * * *',
  timeZone: 'Europe/Berlin',
  everyMs: null,
  runAt: null,
  overlap: 'queue',
  enabled: false,
  nextAt: null,
  lastStartedAt: at,
  missed: 3,
  catchUp: 'all',
  lastMissedAt: later(at, -5),
  lastMiss: 'overlap',
  updatedAt: later(at, 9),
};

/** Schedules of one installation that are due at a moment of their own. */
async function dueSchedules(db: Repositories, count: number) {
  const scope = scopeOf(await (await World.create(db)).addInstallation());
  const now = uniquePast();
  const schedules = Array.from({ length: count }, (_, index) =>
    aSchedule({ ...scope, nextAt: later(now, -index) }),
  );
  for (const schedule of schedules) await db.schedules.insert(schedule);
  const ids = new Set<string>(schedules.map(({ id }) => id));
  /** Other schedules of the database may be due too. */
  const claim = async (time: Date, owner: string = uniqueId()) =>
    (await db.schedules.claimDue({ now: time, limit: 1_000, owner, leaseMs: 1_000 })).filter(
      ({ schedule }) => ids.has(schedule.id),
    );
  return { scope, now, schedules, claim };
}

/** Tests of `ScheduleRepository` without claims. */
export function scheduleContract({ describe, it, expect }: PersistenceSuite): void {
  describe('schedules', () => {
    it('schedules: insert keeps every field; names are unique in the installation', async ({
      persistence: db,
    }) => {
      const { schedules } = db;
      const world = await World.create(db);
      const scope = scopeOf(await world.addInstallation());
      const full = { ...everything, everyMs: 2 ** 40, lastRunId: uniqueId<never>() };
      for (const fields of [{}, full]) {
        const schedule = aSchedule({ ...scope, ...fields });
        await schedules.insert(schedule);
        expect(await schedules.find(scope.tenantId, schedule.id)).toEqual(schedule);
        const { name } = schedule;
        await expect(schedules.insert(aSchedule({ ...scope, name }))).rejects.toMatchObject({
          ...{ code: 'UNIQUE_CONFLICT', details: { key: 'name' } },
        });
        await schedules.insert(aSchedule({ tenantId: scope.tenantId, name }));
      }
      const list = async (filter: Parameters<typeof schedules.list>[1]) =>
        (await schedules.list(scope.tenantId, filter, firstPage)).items.length;
      const { installationId } = scope;
      expect(await list({})).toBe(4);
      expect(await list({ installationId })).toBe(2);
      expect(await list({ installationId, enabled: false })).toBe(1);
    });

    it('schedules: update compares versions and keeps the name', async ({ persistence: db }) => {
      const scope = scopeOf(await (await World.create(db)).addInstallation());
      const schedule = aSchedule(scope);
      await db.schedules.insert(schedule);
      const next = { ...schedule, ...everything };
      const changed = await db.schedules.update({ ...next, name: 'another', createdAt: at });
      expect(changed).toEqual({ ...next, version: schedule.version + 1 });
      expect(await db.schedules.find(scope.tenantId, schedule.id)).toEqual(changed);
      const codes = await atOnce(20, () => codeOf(db.schedules.update(changed)));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'VERSION_CONFLICT')).toHaveLength(19);
    });

    it('schedules: delete', async ({ persistence: db }) => {
      const schedule = aSchedule(scopeOf(await (await World.create(db)).addInstallation()));
      await db.schedules.insert(schedule);
      expect(await db.schedules.delete(schedule.tenantId, schedule.id)).toBe(true);
      expect(await db.schedules.delete(schedule.tenantId, schedule.id)).toBe(false);
      expect(await db.schedules.find(schedule.tenantId, schedule.id)).toBeNull();
    });
  });
}

/** Tests of claims. */
export function scheduleClaimContract({ describe, it, expect }: PersistenceSuite): void {
  const outcome = (claim: ClaimedSchedule) => ({
    nextAt: later(claim.dueAt, 3_600_000),
    missed: 2,
    lastMissed: { at: later(claim.dueAt, -1), reason: 'late' as const },
    started: { runId: uniqueId<never>(), at },
    at,
  });

  describe('schedules, claims', () => {
    it('schedules: of twenty processes one gets each due time', async ({ persistence: db }) => {
      const { now, schedules, claim } = await dueSchedules(db, 10);
      const claims = (await atOnce(20, () => claim(now))).flat();
      expect(claims.map(({ schedule }) => schedule.id).sort()).toEqual(
        schedules.map(({ id }) => id).sort(),
      );
      for (const { schedule, dueAt } of claims) expect(schedule.nextAt).toEqual(dueAt);
      expect(await claim(now)).toEqual([]);
    });

    it('schedules: what is not due, not enabled or beyond the limit is not claimed', async ({
      persistence: db,
    }) => {
      const { now, scope, claim } = await dueSchedules(db, 3);
      expect(await claim(later(now, -3))).toEqual([]);
      const order = { now, limit: 2, owner: uniqueId(), leaseMs: 1 };
      expect((await db.schedules.claimDue(order)).length).toBeLessThanOrEqual(2);
      const off = aSchedule({ ...scope, enabled: false, nextAt: now });
      await db.schedules.insert(off);
      const claimed = await claim(later(now, 10));
      expect(claimed).toHaveLength(3);
      const times = claimed.map(({ dueAt }) => dueAt.getTime());
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('schedules: one alone is claimed by its id, when it is due', async ({ persistence: db }) => {
      const { now, schedules } = await dueSchedules(db, 2);
      const [wanted, other] = schedules;
      const { id, tenantId } = wanted!;
      const claim = (time: Date, only: TimerKey) =>
        db.schedules.claimDue({ now: time, limit: 9, owner: uniqueId(), leaseMs: 1_000, only });
      expect(await claim(later(wanted!.nextAt!, -1), { id, tenantId })).toEqual([]);
      expect(await claim(now, { id, tenantId: uniqueId() })).toEqual([]);
      expect(await claim(now, { id: 'none' as never, tenantId })).toEqual([]);
      const claims = (await atOnce(10, () => claim(now, { id, tenantId }))).flat();
      expect(claims.map(({ schedule, dueAt }) => [schedule.id, dueAt])).toEqual([
        [id, wanted!.nextAt],
      ]);
      const left = await claim(now, { id: other!.id, tenantId });
      expect(left).toHaveLength(1);
    });

    it('schedules: those that are enabled are listed across tenants, by id', async ({
      persistence: db,
    }) => {
      const mine = [
        ...(await dueSchedules(db, 2)).schedules,
        ...(await dueSchedules(db, 1)).schedules,
      ];
      const { scope } = await dueSchedules(db, 0);
      const off = aSchedule({ ...scope, enabled: false, nextAt: null });
      await db.schedules.insert(off);
      const ids = mine.map(({ id }) => id).sort();
      // Those of other tests lie before and between.
      const [first, second, third] = ids;
      const after = await db.schedules.listEnabled(first!, 1_000);
      const found = after.map(({ id }) => id);
      expect(found).toEqual([...found].sort());
      expect(found).toEqual(expect.arrayContaining([second, third]));
      expect(found).not.toContain(first);
      expect(found).not.toContain(off.id);
      expect(after.find(({ id }) => id === second)).toEqual(mine.find(({ id }) => id === second));
      expect(await db.schedules.listEnabled(first!, 1)).toHaveLength(1);
    });

    it('schedules: settling writes what became of the time, once', async ({ persistence: db }) => {
      const { now, scope, claim } = await dueSchedules(db, 1);
      const [first] = await claim(now);
      const { schedule, dueAt } = first!;
      const result = outcome(first!);
      expect(await db.schedules.settle({ ...first!, owner: uniqueId() }, result)).toBe(false);
      const answers = await atOnce(20, () => db.schedules.settle(first!, result));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await db.schedules.find(scope.tenantId, schedule.id)).toEqual({
        ...schedule,
        nextAt: later(dueAt, 3_600_000),
        lastRunId: result.started.runId,
        lastStartedAt: at,
        missed: 2,
        lastMissedAt: later(dueAt, -1),
        lastMiss: 'late',
        updatedAt: at,
        version: schedule.version + 1,
      });
      expect(await claim(later(now, 3_599_999))).toEqual([]);
      const [second] = await claim(later(now, 3_600_000));
      const ended = { nextAt: null, missed: 1, lastMissed: null, started: null, at: later(at, 1) };
      expect(await db.schedules.settle(second!, ended)).toBe(true);
      expect(await db.schedules.find(scope.tenantId, schedule.id)).toMatchObject({
        ...{ nextAt: null, enabled: false, missed: 3, lastRunId: result.started.runId },
        lastMiss: 'late',
      });
      expect(await claim(later(now, 9e9))).toEqual([]);
    });

    it('schedules: a claim that is not settled ends, and somebody else gets it', async ({
      persistence: db,
    }) => {
      const { now, claim } = await dueSchedules(db, 1);
      const [lost] = await claim(now);
      expect(await claim(later(now, 999))).toEqual([]);
      const [taken] = await claim(later(now, 1_000));
      expect(taken!.dueAt).toEqual(lost!.dueAt);
      expect(await db.schedules.settle(lost!, outcome(lost!))).toBe(false);
      expect(await db.schedules.settle(taken!, outcome(taken!))).toBe(true);
    });

    it('schedules: what somebody planned since the claim stays', async ({ persistence: db }) => {
      const { now, scope, claim } = await dueSchedules(db, 1);
      const [claimed] = await claim(now);
      const planned = later(now, 7_777_777);
      const changed = await db.schedules.update({ ...claimed!.schedule, nextAt: planned });
      expect(await db.schedules.settle(claimed!, { ...outcome(claimed!), nextAt: null })).toBe(
        true,
      );
      expect(await db.schedules.find(scope.tenantId, changed.id)).toMatchObject({
        ...{ nextAt: planned, enabled: true, missed: 2, version: changed.version + 1 },
      });
      expect(await db.schedules.delete(scope.tenantId, changed.id)).toBe(true);
      expect(await db.schedules.settle(claimed!, outcome(claimed!))).toBe(false);
    });
  });
}
