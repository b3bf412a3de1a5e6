import { describe, expect, it } from '@jest/globals';

import { heapAfterCollection } from '../http/heap.fixture.js';
import { ContactCatalog } from './contact-catalog.js';
import { PLACES } from './places.js';

describe('ContactCatalog', () => {
  it('is made of real places', () => {
    expect(PLACES.length).toBeGreaterThan(130_000);
    expect(new ContactCatalog(1).at(0)).toEqual({
      id: 'place-3039154',
      name: 'El Tarter',
      country: 'AD',
      adminCode: '02',
      population: 1052,
      latitude: expect.closeTo(42.58, 1),
      longitude: expect.closeTo(1.65, 1),
      featureCode: 'PPL',
      updatedAt: '2024-01-01T00:00:00.000Z',
    });
  });

  it('gives 300,000 contacts different ids without keeping them', () => {
    const catalog = new ContactCatalog(300_000);
    catalog.indexOf('place-1');
    const before = heapAfterCollection();
    let misplaced = 0;
    for (let start = 0; start < catalog.size; start += 1000) {
      for (const [offset, { id }] of catalog.slice(start, 1000).entries()) {
        // An id that leads back to its own position cannot be shared by two positions.
        if (catalog.indexOf(id) !== start + offset) misplaced += 1;
      }
    }
    const grown = heapAfterCollection() - before;
    expect(misplaced).toBe(0);
    expect(grown).toBeLessThan(5 * 1024 * 1024);
    // A use after the measurement: otherwise the catalogue itself is collected before it.
    expect(catalog.changedCount).toBe(0);
  }, 60_000);

  it('keeps a changed contact at its position', () => {
    const catalog = new ContactCatalog(PLACES.length + 5);
    const original = catalog.at(PLACES.length + 2);
    expect(original.id).toMatch(/^place-\d+-1$/);
    const changed = catalog.change(PLACES.length + 2, { name: 'New name' });
    expect(catalog.at(PLACES.length + 2)).toBe(changed);
    expect(changed).toMatchObject({ id: original.id, name: 'New name' });
    expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(original.updatedAt));
    expect(catalog.changedCount).toBe(1);
    expect(catalog.at(2).name).toBe(original.name);
  });

  it('knows no id beyond its size', () => {
    const catalog = new ContactCatalog(3);
    const beyond = new ContactCatalog(4).at(3).id;
    expect(catalog.indexOf(beyond)).toBeUndefined();
    expect(catalog.indexOf(`${catalog.at(0).id}-0`)).toBeUndefined();
    expect(() => catalog.at(3)).toThrow(RangeError);
  });
});
