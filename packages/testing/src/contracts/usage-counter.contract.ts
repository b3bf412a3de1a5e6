import { MAX_USAGE_COUNT } from '@tenon/core';
import type { TenantId, UsageCounterKey, UsageIncrement, UsageWindow } from '@tenon/core';
import { uniqueId, uniqueName } from '../fixtures/unique.js';
import { atOnce, codeOf, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');
const day = new Date('2026-05-06T00:00:00.000Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function increment(metric: string, overrides: Partial<UsageIncrement> = {}): UsageIncrement {
  const key: UsageCounterKey = {
    installationId: null,
    metric,
    windowUnit: 'day',
    windowStart: day,
  };
  return { ...key, amount: 1n, ...overrides };
}

const rangeOf = (metric: string, days = 10) => ({
  installationId: null,
  metric,
  windowUnit: 'day' as const,
  from: day,
  to: later(day, days * DAY_MS),
});

function addContract({ it, expect }: PersistenceSuite): void {
  it('usage: add begins at zero, sums and keeps every field', async ({ persistence }) => {
    const { tenantId, ...world } = await World.create(persistence).then((each) => ({
      tenantId: each.tenantId,
      installation: each.addInstallation(),
    }));
    const { id: installationId } = await world.installation;
    const { usageCounters } = persistence;
    const rows = [increment('calls'), increment('calls', { amount: 4n }), increment('other')];
    await usageCounters.add(tenantId, [...rows, increment('calls', { installationId })], at);
    await usageCounters.add(tenantId, [increment('calls', { amount: 0n })], later(at, -5));
    await usageCounters.add(tenantId, [], at);
    expect(await usageCounters.range(tenantId, rangeOf('calls'))).toEqual([
      {
        tenantId,
        installationId: null,
        metric: 'calls',
        windowUnit: 'day',
        windowStart: day,
        count: 5n,
        updatedAt: at,
      },
    ]);
    const own = await usageCounters.range(tenantId, { ...rangeOf('calls'), installationId });
    expect(own).toMatchObject([{ installationId, count: 1n }]);
    await usageCounters.add(tenantId, [increment('calls')], later(at, 5));
    expect(await usageCounters.range(tenantId, rangeOf('calls'))).toMatchObject([
      { count: 6n, updatedAt: later(at, 5) },
    ]);
  });

  it('usage: counts of 64 bits are exact, and none leaves them', async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const { usageCounters } = persistence;
    const read = async () =>
      (await usageCounters.range(tenantId, rangeOf('bytes'))).map(({ count }) => count);
    const add = (amount: bigint) =>
      usageCounters.add(tenantId, [increment('bytes', { amount })], at);
    await add(2n ** 53n);
    await add(1n);
    expect(await read()).toEqual([2n ** 53n + 1n]);
    await add(MAX_USAGE_COUNT - 2n ** 53n - 2n);
    expect(await read()).toEqual([MAX_USAGE_COUNT - 1n]);
    await add(1n);
    expect(await codeOf(add(1n))).toBe('USAGE_OVERFLOW');
    expect(await codeOf(add(MAX_USAGE_COUNT))).toBe('USAGE_OVERFLOW');
    expect(await codeOf(add(MAX_USAGE_COUNT + 1n))).toBe('USAGE_OVERFLOW');
    expect(await read()).toEqual([MAX_USAGE_COUNT]);
    await usageCounters.add(
      tenantId,
      [increment('bytes', { amount: 1n, windowStart: later(day, DAY_MS) })],
      at,
    );
    expect(await usageCounters.totals(tenantId, { windowUnit: 'day' })).toEqual([
      { metric: 'bytes', total: MAX_USAGE_COUNT + 1n },
    ]);
  });

  it('usage: what is no increment is refused', async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const { usageCounters } = persistence;
    const refused = [
      increment(''),
      increment('m'.repeat(101)),
      increment('m', { amount: -1n }),
      increment('m', { windowStart: at }),
    ];
    for (const row of refused) {
      expect(await codeOf(usageCounters.add(tenantId, [row], at))).toBe('VALIDATION_FAILED');
    }
  });

  it('usage: 20 writers add 200 counters in different orders and lose nothing', async ({
    persistence,
  }) => {
    const { tenantId } = await World.create(persistence);
    const { usageCounters } = persistence;
    const rows = Array.from({ length: 200 }, (_, index) =>
      increment(`m${index % 100}`, { windowStart: later(day, (index % 7) * DAY_MS) }),
    );
    await atOnce(20, (index) => {
      const rotated = [...rows.slice(index * 10), ...rows.slice(0, index * 10)];
      return usageCounters.add(tenantId, index % 2 ? rotated : rotated.reverse(), at);
    });
    const totals = await usageCounters.totals(tenantId, { windowUnit: 'day' });
    expect(totals).toHaveLength(100);
    expect(new Set(totals.map(({ total }) => total))).toEqual(new Set([40n]));
  });

  it('usage: 5,000 counters in one call', async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const { usageCounters } = persistence;
    const rows = Array.from({ length: 5_000 }, (_, index) =>
      increment('calls', {
        windowUnit: 'hour',
        windowStart: later(day, index * HOUR_MS),
        amount: BigInt(index),
      }),
    );
    await usageCounters.add(tenantId, rows, at);
    expect(await usageCounters.totals(tenantId, { windowUnit: 'hour' })).toEqual([
      { metric: 'calls', total: (5_000n * 4_999n) / 2n },
    ]);
  });
}

function readContract({ it, expect }: PersistenceSuite): void {
  it('usage: ranges hold their begin and not their end, oldest first', async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const { usageCounters } = persistence;
    const days = [2, 0, 1, 3].map((offset) => later(day, offset * DAY_MS));
    const rows = days.map((windowStart) => increment('calls', { windowStart }));
    const month = new Date('2026-05-01T00:00:00.000Z');
    await usageCounters.add(
      tenantId,
      [...rows, increment('calls', { windowUnit: 'month', windowStart: month, amount: 9n })],
      at,
    );
    const found = await usageCounters.range(tenantId, rangeOf('calls', 3));
    expect(found.map(({ windowStart }) => windowStart)).toEqual(
      [0, 1, 2].map((offset) => later(day, offset * DAY_MS)),
    );
    expect(await usageCounters.range(tenantId, rangeOf('none'))).toEqual([]);
    const { from, to } = rangeOf('calls', 2);
    const totals = (unit: UsageWindow) =>
      usageCounters.totals(tenantId, { windowUnit: unit, from, to });
    expect(await totals('day')).toEqual([{ metric: 'calls', total: 2n }]);
    expect(await totals('month')).toEqual([]);
    expect(await usageCounters.totals(tenantId, { windowUnit: 'month' })).toEqual([
      { metric: 'calls', total: 9n },
    ]);
  });

  it('usage: lists are walked in the order of keys, with filters', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { tenantId } = world;
    const { id: installationId } = await world.addInstallation();
    const { usageCounters } = persistence;
    const rows: UsageIncrement[] = [];
    for (const metric of ['A', 'a', '\uFFFD', '😀']) {
      for (const owner of [null, installationId]) {
        for (const hours of [0, 24]) {
          const windowStart = later(day, hours * HOUR_MS);
          rows.push(increment(metric, { installationId: owner, windowStart }));
          rows.push(increment(metric, { installationId: owner, windowStart, windowUnit: 'hour' }));
        }
      }
    }
    await usageCounters.add(tenantId, [...rows].reverse(), at);
    const rank = (row: UsageCounterKey): string =>
      [
        ['A', 'a', '\uFFFD', '😀'].indexOf(row.metric),
        row.windowUnit,
        row.windowStart.toISOString(),
        row.installationId ?? '',
      ].join('|');
    const expected = rows.map(rank).sort();
    const walked: string[] = [];
    let after: UsageCounterKey | null = null;
    for (;;) {
      const page: readonly UsageCounterKey[] = await usageCounters.list(
        tenantId,
        {},
        { limit: 5, after },
      );
      walked.push(...page.map(rank));
      after = page.at(-1) ?? null;
      if (after === null) break;
    }
    expect(walked).toEqual(expected);
    const count = async (filter: Parameters<typeof usageCounters.list>[1]) =>
      (await usageCounters.list(tenantId, filter, { limit: 100, after: null })).length;
    expect(await count({ installationId })).toBe(16);
    expect(await count({ installationId: null })).toBe(16);
    expect(await count({ windowUnit: 'hour' })).toBe(16);
    expect(await count({ from: later(day, 1) })).toBe(16);
    expect(await count({ to: later(day, 1), windowUnit: 'day', installationId })).toBe(4);
  });

  it('usage: counters survive the deletion of their installation', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { tenantId } = world;
    const { id: installationId } = await world.addInstallation();
    const { usageCounters, installations } = persistence;
    await usageCounters.add(tenantId, [increment('calls', { installationId })], at);
    expect(await installations.deleteBatch(tenantId, installationId, 100)).toBe(true);
    const kept = await usageCounters.range(tenantId, { ...rangeOf('calls'), installationId });
    expect(kept).toHaveLength(1);
  });

  it('usage: deleteBefore deletes old windows of one unit, within its limit', async ({
    persistence,
  }) => {
    const { tenantId } = await World.create(persistence);
    const { usageCounters } = persistence;
    const metric = uniqueName('metric');
    // Windows before those of every other test: deletion knows no tenant.
    const old = new Date('1980-01-01T00:00:00.000Z');
    const rows = [0, 1, 2].map((offset) =>
      increment(metric, { windowStart: later(old, offset * DAY_MS) }),
    );
    await usageCounters.add(
      tenantId,
      [...rows, increment(metric, { windowUnit: 'month', windowStart: old })],
      at,
    );
    const before = later(old, 2 * DAY_MS);
    expect(await usageCounters.deleteBefore('day', before, 1)).toBe(1);
    expect(await usageCounters.deleteBefore('day', before, 100)).toBe(1);
    expect(await usageCounters.deleteBefore('day', before, 100)).toBe(0);
    const left = await usageCounters.list(tenantId, {}, { limit: 9, after: null });
    expect(left.map(({ windowUnit }) => windowUnit)).toEqual(['day', 'month']);
  });

  it("usage: another tenant's counters are not seen", async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const { usageCounters } = persistence;
    await usageCounters.add(tenantId, [increment('calls')], at);
    for (const other of [uniqueId<TenantId>(), 'malformed' as TenantId]) {
      expect(await usageCounters.range(other, rangeOf('calls'))).toEqual([]);
      expect(await usageCounters.list(other, {}, { limit: 9, after: null })).toEqual([]);
      expect(await usageCounters.totals(other, { windowUnit: 'day' })).toEqual([]);
    }
  });
}

/** Tests of `UsageCounterRepository`. */
export function usageCounterContract(suite: PersistenceSuite): void {
  suite.describe('usage counters', () => {
    addContract(suite);
    readContract(suite);
  });
}
