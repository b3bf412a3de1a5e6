import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from './job-world.fixture.js';

/** A root that enqueues two jobs with one key; the job fails as often as it is told to. */
function keyed(state: { failures: number; done: number[] }) {
  return defineIntegration({
    ...base,
    jobs: {
      root: {
        run: async (ctx) => {
          await ctx.jobs.enqueue('split', { n: 1 });
          await ctx.jobs.enqueue('split', { n: 2 });
        },
      },
      split: {
        input: z.object({ n: z.number() }),
        run: async (ctx) => {
          const first = await ctx.jobs.enqueue('once', { n: ctx.input.n }, { key: 'k' });
          expect(await ctx.jobs.enqueue('once', { n: 9 }, { key: 'k' })).toBe(first);
        },
      },
      once: {
        input: z.object({ n: z.number() }),
        maxAttempts: 1,
        run: (ctx) => {
          if (state.failures-- > 0) throw new Error('once more');
          state.done.push(ctx.input.n);
        },
      },
    },
  });
}

describe('jobs with a key', () => {
  it('run once, and their run ends although one of them was dropped', async () => {
    const state = { failures: 0, done: [] };
    const world = await jobWorld(keyed(state));
    const run = await world.start(await world.addInstallation(), 'root');
    const outcomes = await world.work();
    expect(outcomes.filter((each) => each === 'duplicate')).toHaveLength(1);
    expect(state.done).toEqual([1]);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', pendingJobs: 0 });
  });

  it('leave their key to the next one when they fail for good', async () => {
    const state = { failures: 1, done: [] };
    const world = await jobWorld(keyed(state));
    const run = await world.start(await world.addInstallation(), 'root');
    await world.work();
    expect(state.done).toEqual([2]);
    expect(await world.run(run)).toMatchObject({ state: 'failed', pendingJobs: 0, deadJobs: 1 });
  });

  it('are refused with options that a queue cannot keep', async () => {
    const wrong = defineIntegration({
      ...base,
      jobs: {
        root: {
          run: async (ctx) => {
            await ctx.jobs.enqueue('ordered', undefined, { delayMs: 5 });
          },
        },
        large: {
          input: z.object({ text: z.string() }),
          run: () => undefined,
        },
        ordered: { queue: 'order.fifo', run: () => undefined },
      },
    });
    const world = await jobWorld(wrong);
    const installation = await world.addInstallation();
    await world.start(installation, 'root');
    expect(await world.work()).toEqual(['dead']);
    expect((await world.deadLetters())[0]?.error.message).toContain('keeps order, not delays');
    const large = world.start(installation, 'large', { text: 'é'.repeat(600_000) });
    await expect(large).rejects.toMatchObject({ code: 'JOB_MESSAGE_TOO_LARGE' });
  });
});
