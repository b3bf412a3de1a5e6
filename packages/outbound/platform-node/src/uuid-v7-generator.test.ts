import { describe, expect, it } from '@jest/globals';
import { isId } from '@tenon/core';
import fc from 'fast-check';
import { UuidV7Generator } from './uuid-v7-generator.js';

const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

describe('UuidV7Generator', () => {
  it('makes version 7, variant 10, with the time in front', () => {
    const before = Date.now();
    const id = new UuidV7Generator().next();
    expect(isId(id)).toBe(true);
    expect(id[14]).toBe('7');
    expect('89ab').toContain(id[19]);
    expect(timeOf(id)).toBeGreaterThanOrEqual(before);
    expect(timeOf(id)).toBeLessThanOrEqual(Date.now());
  });

  it('sorts in the order of making, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 48 - 100_000 }), { minLength: 1, maxLength: 300 }),
        (times) => {
          let index = 0;
          const generator = new UuidV7Generator(() => times[index] ?? 0);
          let last = '';
          for (; index < times.length; index += 1) {
            const id = generator.next();
            expect(isId(id)).toBe(true);
            expect(id > last).toBe(true);
            last = id;
          }
        },
      ),
    );
  });

  it('goes on when one millisecond is used up', () => {
    const generator = new UuidV7Generator(() => 1_700_000_000_000);
    const ids = Array.from({ length: 20_000 }, () => generator.next());
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(timeOf(ids[0] ?? '')).toBe(1_700_000_000_000);
    expect(timeOf(ids.at(-1) ?? '')).toBeLessThan(1_700_000_000_010);
  });

  it('has 62 random bits that are never given twice', () => {
    const generators = Array.from({ length: 4 }, () => new UuidV7Generator());
    const tails = new Set<string>();
    for (let round = 0; round < 5_000; round += 1) {
      for (const generator of generators) tails.add(generator.next().slice(19));
    }
    expect(tails.size).toBe(20_000);
    const ones = [...tails].map((tail) => {
      const bits = BigInt(`0x${tail.replace('-', '')}`) & ((1n << 62n) - 1n);
      return bits.toString(2).replaceAll('0', '').length;
    });
    const mean = ones.reduce((sum, count) => sum + count, 0) / ones.length;
    expect(mean).toBeGreaterThan(30.5);
    expect(mean).toBeLessThan(31.5);
  });
});
