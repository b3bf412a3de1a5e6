import { describe, expect, it } from '@jest/globals';
import { isId } from '@tenon/core';
import { createTestPlatform } from './create-test-platform.js';

describe('TestClock', () => {
  it('wakes sleepers in the order of their moments', async () => {
    const { clock } = createTestPlatform();
    const woken: string[] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push(`${name} ${clock.monotonicMs()}`);
    };
    void sleep('late', 200);
    void sleep('early', 100);
    await clock.advance(99);
    expect(woken).toEqual([]);
    await clock.advance(101);
    expect(woken).toEqual(['early 100', 'late 200']);
    expect(clock.now()).toEqual(new Date('2026-01-01T00:00:00.200Z'));
  });

  it('runs a loop of sleeps as often as it would in that time', async () => {
    const { clock } = createTestPlatform();
    let rounds = 0;
    const loop = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(10);
        rounds += 1;
      }
    };
    void loop();
    await clock.advance(100);
    expect(rounds).toBe(10);
  });

  it('ends a sleep with the reason of its signal', async () => {
    const { clock } = createTestPlatform();
    const controller = new AbortController();
    const sleeping = clock.sleep(1_000, controller.signal);
    const reason = new Error('stop');
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(1_000, controller.signal)).rejects.toBe(reason);
    expect(clock.waiting).toBe(0);
  });

  it('ends deadlines at their moment, with the parent, or not at all', async () => {
    const { clock } = createTestPlatform();
    const parent = clock.deadline(50);
    const own = clock.deadline(20, parent.signal);
    const child = clock.deadline(500, parent.signal);
    const disposed = clock.deadline(10);
    disposed.dispose();
    await clock.advance(20);
    expect(own.signal.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED', details: { ms: 20 } });
    expect(child.signal.aborted).toBe(false);
    await clock.advance(30);
    expect(child.signal.reason).toMatchObject({ details: { ms: 50 } });
    expect(disposed.signal.aborted).toBe(false);
    expect(clock.deadline(5, parent.signal).signal.aborted).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('moves by itself when told so', async () => {
    const { clock } = createTestPlatform({ autoAdvance: true });
    await Promise.all([clock.sleep(86_400_000), clock.sleep(1_000)]);
    expect(clock.monotonicMs()).toBe(86_400_000);
  });
});

describe('createTestPlatform', () => {
  it('makes the same ids in every run, in order', () => {
    const make = (seed?: string): string[] => {
      const { ids } = createTestPlatform(seed === undefined ? {} : { seed });
      return Array.from({ length: 20_000 }, () => ids.next());
    };
    const ids = make();
    expect(ids).toEqual(make());
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.every((id) => isId(id) && id.charAt(14) === '7')).toBe(true);
    expect(make('another')[0]).not.toBe(ids[0]);
  });

  it('goes on when the clock steps back', () => {
    const { clock, ids } = createTestPlatform();
    const before = ids.next();
    clock.jumpTo(new Date(0));
    expect(ids.next() > before).toBe(true);
  });

  it('says what is missing', () => {
    const { cron } = createTestPlatform();
    expect(() => cron.nextAfter('* * * * *', 'UTC', new Date())).toThrow("pass one as 'cron'");
    expect(() => createTestPlatform({ autoAdvence: true } as object)).toThrow('autoAdvance');
  });
});
