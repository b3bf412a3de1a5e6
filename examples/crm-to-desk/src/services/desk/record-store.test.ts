import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { heapAfterCollection } from '../http/heap.fixture.js';
import type { Fields } from './record-store.js';
import { RecordStore } from './record-store.js';

const fields = fc.dictionary(
  fc.constantFrom('name', 'country', 'population', 'note'),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
) as fc.Arbitrary<Fields>;

const writes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), fields));

function sameFields(left: Fields | undefined, right: Fields): boolean {
  const sorted = (value: Fields) => JSON.stringify(Object.entries(value).sort());
  return left !== undefined && sorted(left) === sorted(right);
}

describe('RecordStore', () => {
  it('agrees with a plain map after any sequence of writes', () => {
    fc.assert(
      fc.property(writes, (sequence) => {
        const store = new RecordStore();
        const model = new Map<string, Fields>();
        for (const [id, value] of sequence) {
          const known = model.get(id);
          const changed = known === undefined ? 'created' : 'updated';
          const expected = known !== undefined && sameFields(known, value) ? 'unchanged' : changed;
          expect(store.upsert(id, value)).toBe(expected);
          model.set(id, value);
        }
        expect(store.count).toBe(model.size);
        const expected = [...model].map(([externalId, value]) => ({ externalId, ...value }));
        expect(store.slice(0, 100)).toEqual(expected);
        for (const record of expected) expect(store.get(record.externalId)).toEqual(record);
      }),
    );
  });

  it('counts the changing writes of each record', () => {
    const store = new RecordStore();
    for (const name of ['one', 'one', 'two', 'a longer name', 'two']) store.upsert('a', { name });
    store.upsert('b', { name: 'once' });
    expect(store.writesHistogram()).toEqual({ '1': 1, '4': 1 });
  });

  it('takes the same fields in another order for the same record', () => {
    const store = new RecordStore();
    store.upsert('a', { name: 'x', country: 'AD' });
    expect(store.upsert('a', { country: 'AD', name: 'x' })).toBe('unchanged');
  });

  it('holds 300,000 records in less than 60 MB of heap', () => {
    const store = new RecordStore();
    const before = heapAfterCollection();
    for (let index = 0; index < 300_000; index += 1) {
      store.upsert(`place-${index}`, { name: `Place ${index}`, country: 'AD', population: index });
    }
    const grown = heapAfterCollection() - before;
    // The store is used after the measurement: otherwise it is collected before it.
    expect(store.count).toBe(300_000);
    expect(store.get('place-299999')).toMatchObject({ name: 'Place 299999', population: 299_999 });
    expect(grown).toBeGreaterThan(1024 * 1024);
    expect(grown).toBeLessThan(60 * 1024 * 1024);
  }, 60_000);
});
