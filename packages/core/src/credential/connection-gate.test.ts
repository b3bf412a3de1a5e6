import { describe, expect, it } from '@jest/globals';
import { TestClock } from '@tenon/testing';
import fc from 'fast-check';
import { ConnectionGate } from './connection-gate.js';

describe('ConnectionGate', () => {
  it('admits in order, never more at once or faster than allowed', async () => {
    const limits = fc.record({
      concurrency: fc.integer({ min: 1, max: 4 }),
      requestsPerSecond: fc.constantFrom(undefined, 2, 10, 50),
    });
    const durations = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(limits, durations, async (limit, script) => {
        const clock = new TestClock();
        const gate = new ConnectionGate(limit, clock);
        const started: { index: number; atMs: number }[] = [];
        let running = 0;
        let peak = 0;
        let open = script.length;
        for (const [index, durationMs] of script.entries()) {
          void (async () => {
            expect(await gate.enter(1_000_000, undefined)).toBe(0);
            started.push({ index, atMs: clock.monotonicMs() });
            peak = Math.max(peak, (running += 1));
            await clock.sleep(durationMs);
            running -= 1;
            gate.leave();
            open -= 1;
          })();
        }
        while (open > 0) await clock.advance(100);
        expect(peak).toBeLessThanOrEqual(limit.concurrency);
        expect(started.map(({ index }) => index)).toEqual(script.map((_, index) => index));
        const rate = limit.requestsPerSecond ?? Infinity;
        for (const { atMs } of started) {
          const inSecond = started.filter((each) => each.atMs >= atMs && each.atMs < atMs + 1_000);
          expect(inSecond.length).toBeLessThanOrEqual(rate * 1.1 + 1);
        }
        await clock.advance(1_000);
        expect(gate.idle).toBe(true);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('holds everybody back during a pause and refuses those who cannot wait that long', async () => {
    const clock = new TestClock();
    const gate = new ConnectionGate({ concurrency: 2, requestsPerSecond: undefined }, clock);
    gate.pause(5_000);
    expect(gate.enter(4_000, undefined)).toBe(5_000);
    const entered = gate.enter(10_000, undefined);
    let admitted = false;
    void Promise.resolve(entered).then(() => (admitted = true));
    await clock.advance(4_999);
    expect(admitted).toBe(false);
    await clock.advance(1);
    expect(await entered).toBe(0);
  });

  it('lets a waiter go at its deadline or signal without losing the place of the others', async () => {
    const clock = new TestClock();
    const gate = new ConnectionGate({ concurrency: 1, requestsPerSecond: undefined }, clock);
    expect(gate.enter(0, undefined)).toBe(0);
    const controller = new AbortController();
    const late = Promise.resolve(gate.enter(100, undefined));
    const aborted = Promise.resolve(gate.enter(10_000, controller.signal)).catch(
      (error: unknown) => error,
    );
    const patient = Promise.resolve(gate.enter(10_000, undefined));
    await clock.advance(100);
    expect(await late).toBeGreaterThan(0);
    const reason = new Error('stop');
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    gate.leave();
    expect(await patient).toBe(0);
    gate.leave();
    expect(gate.idle).toBe(true);
    expect(clock.waiting).toBe(0);
  });
});
