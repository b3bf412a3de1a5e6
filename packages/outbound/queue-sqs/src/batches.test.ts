import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sizeOf, toBatches } from './batches.js';

const LIMIT = 1_000;

const messages = fc.array(
  fc.record({
    body: fc.string({ minLength: 1, maxLength: 120, unit: 'grapheme' }),
    attributes: fc.dictionary(fc.constantFrom('a', 'tenant'), fc.string({ maxLength: 30 })),
  }),
  { maxLength: 80 },
);

describe('toBatches', () => {
  it('keeps the order, at most ten entries and never more than the limit', () => {
    fc.assert(
      fc.property(messages, (input) => {
        const sized = input
          .map((message, index) => ({ message, index, bytes: sizeOf(message) }))
          .filter(({ bytes }) => bytes <= LIMIT);
        const batches = toBatches(sized, LIMIT);
        expect(batches.flat()).toEqual(sized);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(LIMIT);
        }
      }),
    );
  });

  it('begins another batch only when it must', () => {
    const sized = Array.from({ length: 25 }, (_, index) => ({
      index,
      message: { body: 'x' },
      bytes: index < 3 ? 400 : 1,
    }));
    expect(toBatches(sized, LIMIT).map((batch) => batch.length)).toEqual([2, 10, 10, 3]);
  });
});

describe('sizeOf', () => {
  it('counts bytes of body and attributes', () => {
    expect(sizeOf({ body: 'ä😀' })).toBe(6);
    expect(sizeOf({ body: 'x', attributes: { ab: 'ä' } })).toBe(1 + 2 + 'String'.length + 2);
  });
});
