import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reversal } from './undo-log.js';

type Plain = Record<string, unknown>;

const entry = (before: Plain, after: Plain) => ({
  ...{ table: 't', id: 'x' },
  before: { _id: 'x', ...before },
  after: { _id: 'x', ...after },
});

/** As the server applies it. */
function applied(update: Plain, current: Plain): Plain {
  const next = { ...current, ...(update['$set'] as Plain | undefined) };
  for (const [field, step] of Object.entries((update['$inc'] ?? {}) as Record<string, number>)) {
    next[field] = Number(next[field] ?? 0) + step;
  }
  const unset = Object.keys(update['$unset'] ?? {});
  return Object.fromEntries(Object.entries(next).filter(([field]) => !unset.includes(field)));
}

describe('taking a change back', () => {
  it('restores a document that nobody has changed since', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean());
    const document = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'version'), value);
    fc.assert(
      fc.property(document, document, (before, after) => {
        // Statements of the adapter never remove a field.
        const written = { ...before, ...after };
        const update = reversal(entry(before, written), { _id: 'x', ...written });
        expect(applied(update, { _id: 'x', ...written })).toEqual({ _id: 'x', ...before });
      }),
    );
  });

  it('takes off its own amount, and leaves what others added', () => {
    const update = reversal(entry({ processed: 1 }, { processed: 6 }), { processed: 16 });
    expect(applied(update, { processed: 16 })).toEqual({ processed: 11 });
  });

  it('leaves fields, and the version, that others have changed since', () => {
    const made = entry({ name: 'old', version: 1 }, { name: 'ours', version: 2 });
    const current = { name: 'theirs', version: 3 };
    expect(applied(reversal(made, current), current)).toEqual(current);
  });
});
