import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uniqueId } from '@tenon/testing';
import type { InstallationId } from '../installation/installation.js';
import { mergeIncrements } from './merge-increments.js';
import { MAX_USAGE_COUNT, windowStart, type UsageIncrement } from './usage-counter.js';

const day = new Date('2026-05-06T00:00:00.000Z');

function increment(overrides: Partial<UsageIncrement> = {}): UsageIncrement {
  const key = { installationId: null, metric: 'calls', windowUnit: 'day', windowStart: day };
  return { ...key, amount: 1n, ...overrides } as UsageIncrement;
}

describe('windowStart', () => {
  it.each([
    ['hour', '2026-05-31T23:00:00.000Z'],
    ['day', '2026-05-31T00:00:00.000Z'],
    ['month', '2026-05-01T00:00:00.000Z'],
  ] as const)('of the %s', (unit, start) => {
    const at = new Date('2026-05-31T23:59:59.999Z');
    expect(windowStart(unit, at).toISOString()).toBe(start);
    expect(windowStart(unit, new Date(start)).toISOString()).toBe(start);
  });
});

describe('mergeIncrements', () => {
  it('sums what belongs together, in an order that does not depend on that of the rows', () => {
    const ids = [null, uniqueId<InstallationId>(), uniqueId<InstallationId>()];
    const row = fc.record({
      installationId: fc.constantFrom(...ids),
      metric: fc.constantFrom('a', 'b', 'é'),
      windowUnit: fc.constant('day' as const),
      windowStart: fc.constantFrom(day, new Date(day.getTime() + 86_400_000)),
      amount: fc.bigInt({ min: 0n, max: 2n ** 60n / 30n }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const merged = mergeIncrements(rows);
        const sum = (all: readonly UsageIncrement[]) =>
          all.reduce((total, { amount }) => total + amount, 0n);
        expect(sum(merged)).toBe(sum(rows));
        const keys = merged.map(({ amount: _, ...key }) => JSON.stringify(key));
        expect(new Set(keys).size).toBe(keys.length);
        expect(mergeIncrements([...rows].reverse())).toEqual(merged);
      }),
    );
  });

  it('refuses sums that leave 64 bits', () => {
    expect(mergeIncrements([increment({ amount: MAX_USAGE_COUNT })])).toHaveLength(1);
    const rows = [increment({ amount: MAX_USAGE_COUNT }), increment()];
    expect(() => mergeIncrements(rows)).toThrow(
      expect.objectContaining({ code: 'USAGE_OVERFLOW', category: 'too_large' }),
    );
  });

  it.each([
    [{ metric: '' }, '1.metric'],
    [{ metric: 'm'.repeat(101) }, '1.metric'],
    [{ metric: 'a\0' }, '1.metric'],
    [{ windowStart: new Date(day.getTime() + 1) }, '1.windowStart'],
    [{ amount: -1n }, '1.amount'],
  ])('refuses what is no increment: %#', (overrides, path) => {
    expect(() => mergeIncrements([increment(), increment(overrides)])).toThrow(
      expect.objectContaining({ details: { issues: [expect.objectContaining({ path })] } }),
    );
  });
});
