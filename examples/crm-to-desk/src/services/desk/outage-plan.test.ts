import { describe, expect, it } from '@jest/globals';

import { OutagePlan } from './outage-plan.js';

function sequence(rate: number, seed: number): (string | undefined)[] {
  const rest = { retryAfterSeconds: 0, failNextBefore: 0, failNextAfter: 0, latencyMs: 0 };
  const plan = new OutagePlan({ rate, ...rest }, seed);
  return Array.from({ length: 20_000 }, () => plan.next());
}

describe('OutagePlan', () => {
  it('meets its rate, half of it after the write', () => {
    const outages = sequence(0.01, 1);
    const before = outages.filter((outage) => outage === 'before').length;
    const after = outages.filter((outage) => outage === 'after').length;
    expect(before).toBeGreaterThan(70);
    expect(before).toBeLessThan(130);
    expect(after).toBeGreaterThan(70);
    expect(after).toBeLessThan(130);
  });

  it('repeats itself for the same seed only', () => {
    expect(sequence(0.2, 7)).toEqual(sequence(0.2, 7));
    expect(sequence(0.2, 7)).not.toEqual(sequence(0.2, 8));
  });

  it('can be always or never out of order', () => {
    expect(new Set(sequence(0, 1))).toEqual(new Set([undefined]));
    expect(new Set(sequence(1, 1))).toEqual(new Set(['before', 'after']));
  });
});
