import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@tenon/core';
import { lambdaContext, scheduledEvent } from '@tenon/testing';
import { createScheduleHandler, type Tick } from './create-schedule-handler.js';

describe('createScheduleHandler', () => {
  const collect = () => {
    const ticks: Tick[] = [];
    return { ticks, handler: createScheduleHandler({ tick: (tick) => ticks.push(tick) }) };
  };

  it('reads EventBridge rules and EventBridge Scheduler', async () => {
    const { ticks, handler } = collect();
    const at = new Date('2026-03-04T05:06:00Z');

    await handler(
      scheduledEvent({ id: 'e1', at, name: 'nightly', detail: { a: 1 } }),
      lambdaContext(),
    );
    await handler(scheduledEvent({ id: 'e2', at, source: 'aws.scheduler' }), lambdaContext());

    expect(ticks).toEqual([
      { id: 'e1', at, schedule: 'nightly', input: { a: 1 } },
      { id: 'e2', at, schedule: 'default/nightly', input: {} },
    ]);
  });

  it("takes a schedule's own payload", async () => {
    const { ticks, handler } = collect();

    await handler({ task: 'sweep' } as never, lambdaContext({ requestId: 'r1' }));

    expect(ticks[0]).toMatchObject({ id: 'r1', schedule: null, input: { task: 'sweep' } });
    expect(Math.abs(Date.now() - (ticks[0]?.at.getTime() ?? 0))).toBeLessThan(5000);
  });

  it('rethrows, so that the beat is repeated', async () => {
    const handler = createScheduleHandler({
      logger: silentLogger,
      tick: () => Promise.reject(new Error('not now')),
    });

    await expect(handler(scheduledEvent(), lambdaContext())).rejects.toThrow('not now');
  });
});
