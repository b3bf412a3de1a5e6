import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCodePoints, SortedKeys } from './sorted-keys.js';

describe('compareCodePoints', () => {
  it('sorts as the bytes of UTF-8 do', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareCodePoints(a, b))).toBe(bytes);
      }),
    );
  });
});

describe('SortedKeys', () => {
  it('answers as a sorted set does, whatever is added, removed and read between', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const action = fc.tuple(fc.constantFrom('add', 'remove', 'read'), key);
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const keys = new SortedKeys();
        const model = new Set<string>();
        for (const [kind, name] of actions) {
          if (kind === 'add' && !model.has(name)) {
            model.add(name);
            keys.add(name);
          } else if (kind === 'remove' && model.delete(name)) keys.remove();
          const after = keys.after(kind === 'read' ? name : null, {
            limit: 3,
            exists: (each) => model.has(each),
          });
          const expected = [...model].sort().filter((each) => kind !== 'read' || each > name);
          expect(after).toEqual(expected.slice(0, 3));
        }
      }),
    );
  });
});
