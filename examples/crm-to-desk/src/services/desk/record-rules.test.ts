import { describe, expect, it } from '@jest/globals';

import { PLACES } from '../crm/places.js';
import { expectedCounts } from '../expected-counts.js';
import { nameRejection, recordRejection } from './record-rules.js';

describe('the rules of the desk', () => {
  it.each([
    ['Oslo', undefined],
    ['Ávila', undefined],
    ['Ife', 'name_too_short'],
    [' Å  ', 'name_too_short'],
    ['Sector 3', 'name_has_digits'],
    ['Sector ٣', 'name_has_digits'],
    ['', 'name_missing'],
    [undefined, 'name_missing'],
  ])('say to the name %p: %p', (name, code) => {
    expect(nameRejection(name)?.code).toBe(code);
  });

  it.each([
    [{ externalId: 'a', name: 'Oslo', population: 5, capital: true, note: null }, undefined],
    [{ name: 'Oslo' }, 'external_id_missing'],
    [{ externalId: 'x'.repeat(201), name: 'Oslo' }, 'external_id_missing'],
    [{ externalId: 'a', name: 'Oslo', tags: ['x'] }, 'invalid_field'],
    [{ externalId: 'a', name: 'Oslo', note: 'x'.repeat(9000) }, 'too_large'],
  ])('judge a whole record %#', (record, code) => {
    expect(recordRejection(record)?.code).toBe(code);
  });

  it('reject between 0.5 and 5 % of the real data set, counted in two ways', () => {
    const { total, accepted, rejected } = expectedCounts(PLACES.length);
    expect(total).toBe(PLACES.length);
    expect(accepted + rejected).toBe(total);
    expect(rejected / total).toBeGreaterThan(0.005);
    expect(rejected / total).toBeLessThan(0.05);
    const bad = PLACES.filter(({ name }) => !/^[^\d]{4,}$/u.test(name.trim()));
    expect(rejected).toBe(bad.length);
  });
});
