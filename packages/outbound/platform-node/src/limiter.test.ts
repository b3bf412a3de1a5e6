import { describe, expect, it } from '@jest/globals';
import { hasCode } from '@tenon/core';
import fc from 'fast-check';
import { Limiter } from './limiter.js';

describe('Limiter', () => {
  it('never runs more than its limit, runs everything, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        async (concurrency, fails) => {
          const limiter = new Limiter({ concurrency, maxWaiting: 1_000 });
          const started: number[] = [];
          let running = 0;
          let peak = 0;
          const results = await Promise.allSettled(
            fails.map((fail, index) =>
              limiter.run(async () => {
                started.push(index);
                peak = Math.max(peak, (running += 1));
                await new Promise((resolve) => setImmediate(resolve));
                running -= 1;
                if (fail) throw new Error('failed');
              }),
            ),
          );
          expect(peak).toBe(Math.min(concurrency, fails.length));
          expect(started).toEqual(fails.map((_, index) => index));
          expect(results.map(({ status }) => status === 'rejected')).toEqual(fails);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('says so when its queue is full', async () => {
    const limiter = new Limiter({ concurrency: 1, maxWaiting: 0 });
    const first = limiter.run(() => new Promise<void>((resolve) => setImmediate(resolve)));
    const error: unknown = await limiter.run(async () => undefined).catch((e: unknown) => e);
    expect(hasCode(error, 'CRYPTO_BUSY') && error.retryable).toBe(true);
    await first;
  });
});
