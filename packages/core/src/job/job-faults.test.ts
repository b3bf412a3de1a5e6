import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { defineIntegration } from '../integration/define-integration.js';
import { TenonError } from '../platform/tenon.error.js';
import { Mortal } from './job-faults.fixture.js';
import type { Death } from './job-faults.fixture.js';
import { base, jobWorld } from './job-world.fixture.js';
import type { JobWorld } from './job-world.fixture.js';
import { relayJobs } from './relay-jobs.js';

const PAGES = 4;
const RECORDS = 3;

type Step =
  | 'work'
  | 'no-ack'
  | 'duplicate'
  | 'at-once'
  | 'expire'
  | 'throw'
  | 'limit'
  | 'relay'
  | 'pause'
  | Death;

interface Trouble {
  next: 'throw' | 'limit' | 'hang' | null;
  release: () => void;
  hanging: () => void;
}

/** A root that saves its way through the pages, pages that fill a sink, and one job that must run once although all ask for it. */
function fanOut(sink: Map<string, number>, trouble: Trouble) {
  const disturb = async (): Promise<void> => {
    const next = trouble.next;
    trouble.next = null;
    if (next === 'throw') throw new Error('trouble');
    if (next === 'limit') {
      const options = { code: 'LIMIT', category: 'rate_limited', message: 'later' } as const;
      throw new TenonError({ ...options, retryAfterMs: 1_000 });
    }
    if (next === 'hang') {
      await new Promise<void>((resolve) => {
        trouble.release = resolve;
        trouble.hanging();
      });
    }
  };
  const many = { maxAttempts: 1_000, retryDelayMs: 1 };
  return defineIntegration({
    ...base,
    jobs: {
      root: {
        ...many,
        run: async (ctx) => {
          const from = (ctx.run?.checkpoint as { page: number } | null)?.page ?? 0;
          for (let page = from; page < PAGES; page += 1) {
            await ctx.jobs.enqueue('page', { page });
            ctx.run?.setCheckpoint({ page: page + 1 });
            if (page % 2 === 1) await ctx.run?.save();
            await disturb();
          }
        },
      },
      page: {
        ...many,
        input: z.object({ page: z.number() }),
        run: async (ctx) => {
          for (let record = 0; record < RECORDS; record += 1) {
            const id = `${ctx.input.page}/${record}`;
            sink.set(id, (sink.get(id) ?? 0) + 1);
          }
          await disturb();
          ctx.run?.addProgress({ processed: RECORDS, succeeded: RECORDS });
          await ctx.jobs.enqueue('finish', undefined, { key: 'finish' });
        },
      },
      finish: {
        ...many,
        run: async (ctx) => {
          await disturb();
          ctx.run?.addProgress({ skipped: 1 });
        },
      },
    },
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

class Story {
  readonly sink = new Map<string, number>();
  readonly trouble: Trouble = { next: null, release: () => undefined, hanging: () => undefined };
  readonly mortal = new Mortal();
  world!: JobWorld;

  async begin(): Promise<void> {
    this.world = await jobWorld(fanOut(this.sink, this.trouble), {
      persistence: this.mortal.persistence,
      queue: this.mortal.queue,
    });
  }

  jump(ms: number): void {
    // Timers of dead processes must not be woken, so time jumps.
    this.world.clock.jumpTo(new Date(this.world.clock.now().getTime() + ms));
  }

  async step(step: Step): Promise<unknown> {
    const { world, mortal, trouble } = this;
    trouble.next = null;
    switch (step) {
      case 'relay':
        this.jump(15_000);
        return relayJobs(world.parts, 100, world.logger);
      case 'pause': {
        this.jump(40_000);
        return;
      }
      case 'work':
        return world.workOne();
      case 'throw':
      case 'limit':
        trouble.next = step;
        return world.workOne();
      case 'no-ack':
      case 'duplicate':
      case 'at-once':
        return this.#repeat(step);
      case 'expire':
        return this.#expire();
      default: {
        const died = mortal.plan(step);
        await Promise.race([died, world.workOne()]);
        mortal.live();
        this.jump(61_000);
        return;
      }
    }
  }

  async #repeat(how: 'no-ack' | 'duplicate' | 'at-once'): Promise<void> {
    const { world } = this;
    const request = { queue: 'default', max: 1, waitMs: 0, visibilityMs: 30_000 };
    const [message] = await world.innerQueue.receive(request);
    if (!message) return;
    if (how === 'at-once') {
      await Promise.all([world.process(message.body), world.process(message.body)]);
    } else {
      await world.process(message.body);
      if (how === 'duplicate') await world.process(message.body);
    }
  }

  /** One worker stops in the middle for longer than its claim lasts, another does the job, then the first goes on. */
  async #expire(): Promise<void> {
    const { world, trouble } = this;
    const hanging = new Promise<void>((resolve) => (trouble.hanging = resolve));
    trouble.next = 'hang';
    const first = world.workOne();
    await Promise.race([hanging, first]);
    trouble.next = null;
    this.jump(61_000);
    await world.workOne();
    trouble.release();
    await first;
  }
}

const steps: readonly Step[] = [
  ...(['work', 'work', 'work', 'no-ack', 'duplicate', 'at-once', 'expire'] as const),
  ...(['throw', 'limit', 'relay', 'pause'] as const),
  ...(['before-commit', 'after-commit', 'before-send', 'after-send'] as const),
];

describe('jobs under faults', () => {
  it('lose nothing and commit everything once, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...steps), { maxLength: 40 }), async (plan) => {
        const story = new Story();
        await story.begin();
        const { world, sink } = story;
        const run = await world.start(await world.addInstallation(), 'root');
        for (const step of plan) {
          await story.step(step);
          const { pendingJobs, state } = await world.run(run);
          expect(pendingJobs > 0 || state === 'succeeded').toBe(true);
        }
        story.trouble.next = null;
        await world.settle();
        await turn();
        expect([...sink.keys()]).toHaveLength(PAGES * RECORDS);
        expect(await world.deadLetters()).toEqual([]);
        expect(await world.run(run)).toMatchObject({
          ...{ state: 'succeeded', pendingJobs: 0, deadJobs: 0 },
          progress: { processed: PAGES * RECORDS, succeeded: PAGES * RECORDS, skipped: 1 },
        });
        expect(await world.innerPersistence.outbox.status()).toMatchObject({ waiting: 0 });
        expect(world.eventsOf('run.finished').length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  it.each(['before-commit', 'after-commit', 'before-send', 'after-send'] as const)(
    'survive a process that always dies %s, at every job in turn',
    async (death) => {
      for (let position = 0; position < 8; position += 1) {
        const story = new Story();
        await story.begin();
        const { world, sink } = story;
        const run = await world.start(await world.addInstallation(), 'root');
        for (let step = 0; step < position; step += 1) await story.step('work');
        await story.step(death);
        await world.settle();
        expect([...sink.keys()]).toHaveLength(PAGES * RECORDS);
        expect(await world.run(run)).toMatchObject({
          ...{ state: 'succeeded', pendingJobs: 0 },
          progress: { processed: PAGES * RECORDS, skipped: 1 },
        });
      }
    },
  );
});
