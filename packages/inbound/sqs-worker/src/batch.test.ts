import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LEFT, runBatch } from './batch.js';
import type { BatchControl, BatchPlan, Disposition } from './batch.js';

interface Message {
  readonly id: number;
  readonly group: string;
  readonly fails: 'no' | 'answers' | 'throws';
  /** Turns of the microtask queue, and for more than three, of the event loop. */
  readonly turns: number;
}

const GROUPS = ['a', 'b', 'c'] as const;

const messages = fc.array(
  fc.record({
    group: fc.constantFrom(...GROUPS),
    fails: fc.constantFrom<Message['fails']>('no', 'no', 'no', 'answers', 'throws'),
    turns: fc.nat({ max: 6 }),
  }),
  { maxLength: 30 },
);
const concurrencies = fc.integer({ min: 1, max: 12 });

async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  if (turns > 3) await new Promise((resolve) => setImmediate(resolve));
}

const nobody = { watch: () => undefined };

async function run(
  input: readonly Omit<Message, 'id'>[],
  { concurrency, grouped }: { concurrency: number; grouped: boolean },
) {
  const batch: Message[] = input.map((message, id) => ({ ...message, id }));
  const started: number[] = [];
  let active = 0;
  let mostActive = 0;
  const plan: BatchPlan<Message, Disposition> = {
    concurrency,
    handle: async (message) => {
      started.push(message.id);
      active += 1;
      mostActive = Math.max(mostActive, active);
      await pass(message.turns);
      active -= 1;
      if (message.fails === 'throws') throw new Error('no');
      return message.fails === 'answers' ? LEFT : null;
    },
    accept: (disposition) => disposition,
    fail: () => ({ delayMs: 7 }),
    groupOf: grouped ? (message) => message.group : null,
  };
  const dispositions = await runBatch(plan, { messages: batch, watcher: nobody });
  return { batch, dispositions, started, mostActive };
}

describe('runBatch', () => {
  it('settles every message once, starts none twice, keeps to the concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        messages,
        concurrencies,
        fc.boolean(),
        async (input, concurrency, grouped) => {
          const result = await run(input, { concurrency, grouped });
          const { batch, dispositions, started, mostActive } = result;
          expect(dispositions).toHaveLength(batch.length);
          expect(new Set(started).size).toBe(started.length);
          expect(mostActive).toBeLessThanOrEqual(concurrency);
          batch.forEach(({ id, fails }) => {
            if (dispositions[id] === null)
              expect([started.includes(id), fails]).toEqual([true, 'no']);
            else if (!grouped) expect(fails).not.toBe('no');
          });
        },
      ),
    );
  });

  it('acknowledges nothing of a group after its first failure, and keeps its order', async () => {
    await fc.assert(
      fc.asyncProperty(messages, concurrencies, async (input, concurrency) => {
        const { batch, dispositions, started } = await run(input, { concurrency, grouped: true });
        for (const group of GROUPS) {
          const members = batch.filter((message) => message.group === group);
          const firstFailure = members.findIndex(({ fails }) => fails !== 'no');
          const begun = firstFailure === -1 ? members : members.slice(0, firstFailure + 1);
          expect(started.filter((id) => batch[id]?.group === group)).toEqual(
            begun.map(({ id }) => id),
          );
          const behind = firstFailure === -1 ? [] : members.slice(firstFailure);
          for (const { id } of behind)
            expect(dispositions[id]).toEqual(dispositions[behind[0]!.id] ?? 'failed');
        }
      }),
    );
  });

  it('works on as many at once as it may, when they wait', async () => {
    const input = Array.from(
      { length: 10 },
      () => ({ group: 'a', fails: 'no', turns: 6 }) as const,
    );
    expect((await run(input, { concurrency: 4, grouped: false })).mostActive).toBe(4);
    expect((await run(input, { concurrency: 20, grouped: false })).mostActive).toBe(10);
    expect((await run(input, { concurrency: 4, grouped: true })).mostActive).toBe(1);
  });

  it('begins nothing more when it is held, and does not wait when it is given up', async () => {
    const started: number[] = [];
    let control: BatchControl | undefined;
    const ends: (() => void)[] = [];
    const result = runBatch<number, void>(
      {
        concurrency: 2,
        handle: (id) => {
          started.push(id);
          return new Promise((resolve) => ends.push(resolve));
        },
        accept: () => null,
        fail: () => LEFT,
        groupOf: null,
      },
      { messages: [0, 1, 2, 3], watcher: { watch: (batch) => void (control = batch) } },
    );
    await pass(4);
    control!.hold();
    ends[0]!();
    await pass(4);
    expect(started).toEqual([0, 1]);
    control!.giveUp();
    const dispositions = await result;
    expect(dispositions).toEqual([null, LEFT, LEFT, LEFT]);
    ends[1]!();
    await pass(4);
    expect(dispositions).toEqual([null, LEFT, LEFT, LEFT]);
  });

  it('answers an empty batch', async () => {
    expect((await run([], { concurrency: 10, grouped: true })).dispositions).toEqual([]);
  });
});
