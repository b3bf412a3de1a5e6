import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { SystemClock } from './system-clock.js';

const clock = new SystemClock();

describe('SystemClock', () => {
  it('sleeps at least the time given', async () => {
    const start = clock.monotonicMs();
    await clock.sleep(20);
    expect(clock.monotonicMs() - start).toBeGreaterThanOrEqual(19);
  });

  it('wakes a sleeper with the reason of its signal and leaves no listener', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const sleeping = clock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(1, controller.signal)).rejects.toBe(reason);
    const other = new AbortController();
    await clock.sleep(1, other.signal);
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(0);
  });

  it('does not wake at once from a sleep longer than a timer can be', async () => {
    const controller = new AbortController();
    const sleeping = clock.sleep(2 ** 40, controller.signal).then(
      () => 'woke',
      () => 'aborted',
    );
    await clock.sleep(10);
    controller.abort();
    await expect(sleeping).resolves.toBe('aborted');
  });

  it('aborts a deadline with DEADLINE_EXCEEDED, through a real AbortSignal', async () => {
    const deadline = clock.deadline(10);
    const signal = deadline.signal as AbortSignal;
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(signal.aborted).toBe(false);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED', details: { ms: 10 } });
  });

  it('counts the time before the signal is first read', async () => {
    const deadline = clock.deadline(5);
    await clock.sleep(20);
    expect(deadline.signal.aborted).toBe(true);
    expect(clock.deadline(0).signal.aborted).toBe(true);
  });

  it('aborts a deadline when the parent aborts, with its reason', () => {
    const parent = new AbortController();
    const before = clock.deadline(60_000, parent.signal);
    const { signal } = before;
    parent.abort('shutdown');
    expect(signal.reason).toBe('shutdown');
    expect(clock.deadline(60_000, parent.signal).signal.reason).toBe('shutdown');
  });

  it('lets go of timer and parent when disposed', async () => {
    const parent = new AbortController();
    const deadline = clock.deadline(5, parent.signal);
    const { signal } = deadline;
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);
    deadline.dispose();
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
    await clock.sleep(20);
    expect(signal.aborted).toBe(false);
  });
});
