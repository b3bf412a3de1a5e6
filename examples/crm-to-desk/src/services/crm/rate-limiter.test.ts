import { describe, expect, it } from '@jest/globals';

import { RateLimiter } from './rate-limiter.js';

describe('RateLimiter', () => {
  it('allows a burst, then tells the whole seconds to wait', () => {
    const limiter = new RateLimiter({ perSecond: 2, burst: 4 });
    const waits = Array.from({ length: 5 }, () => limiter.take('a', 0));
    expect(waits).toEqual([0, 0, 0, 0, 1]);
    expect(limiter.take('b', 0)).toBe(0);
  });

  it('allows again what it told to wait for', () => {
    const limiter = new RateLimiter({ perSecond: 0.25, burst: 1 });
    expect(limiter.take('a', 0)).toBe(0);
    expect(limiter.take('a', 0)).toBe(4);
    expect(limiter.take('a', 3999)).toBe(1);
    expect(limiter.take('a', 4000)).toBe(0);
  });

  it('never allows more than the rate over a long time', () => {
    const limiter = new RateLimiter({ perSecond: 10, burst: 10 });
    let allowed = 0;
    for (let nowMs = 0; nowMs < 60_000; nowMs += 7) {
      if (limiter.take('a', nowMs) === 0) allowed += 1;
    }
    expect(allowed).toBeLessThanOrEqual(610);
    expect(allowed).toBeGreaterThan(590);
  });
});
