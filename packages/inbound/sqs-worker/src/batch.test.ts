import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runBatch } from './batch.js';

interface Message {
  readonly id: number;
  readonly group: string | null;
  readonly fails: boolean;
  readonly ticks: number;
}

const messages = fc.array(
  fc.record({
    group: fc.constantFrom(null, 'a', 'b', 'c'),
    fails: fc.boolean(),
    ticks: fc.integer({ min: 0, max: 4 }),
  }),
  { maxLength: 30 },
);

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) await Promise.resolve();
}

async function run(input: readonly Omit<Message, 'id'>[], concurrency: number) {
  const batch: Message[] = input.map((message, id) => ({ ...message, id }));
  const started: number[] = [];
  let active = 0;
  let mostActive = 0;
  const dispositions = await runBatch({
    messages: batch,
    concurrency,
    groupOf: (message) => message.group,
    handle: async (message) => {
      started.push(message.id);
      active += 1;
      mostActive = Math.max(mostActive, active);
      await ticks(message.ticks);
      active -= 1;
      return message.fails ? { delayMs: null } : null;
    },
  });
  return { batch, dispositions, started, mostActive };
}

describe('runBatch', () => {
  it('settles every message once, and starts none twice', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 1, max: 12 }), async (input, concurrency) => {
        const { batch, dispositions, started, mostActive } = await run(input, concurrency);
        const done = batch.filter((_, index) => dispositions[index] === null);
        const failed = batch.filter((_, index) => dispositions[index] !== null);
        expect(done.length + failed.length).toBe(batch.length);
        expect(new Set(started).size).toBe(started.length);
        expect(done.every((message) => started.includes(message.id) && !message.fails)).toBe(true);
        expect(mostActive).toBeLessThanOrEqual(concurrency);
      }),
    );
  });

  it('acknowledges nothing of a group after its first failure, and keeps its order', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 1, max: 12 }), async (input, concurrency) => {
        const { batch, dispositions, started } = await run(input, concurrency);
        for (const group of ['a', 'b', 'c']) {
          const members = batch.filter((message) => message.group === group);
          const firstFailure = members.findIndex((message) => message.fails);
          const expected = firstFailure === -1 ? members : members.slice(0, firstFailure + 1);
          expect(started.filter((id) => batch[id]?.group === group)).toEqual(
            expected.map((message) => message.id),
          );
          for (const message of members.slice(
            firstFailure === -1 ? members.length : firstFailure,
          )) {
            expect(dispositions[message.id]).not.toBeNull();
          }
        }
      }),
    );
  });
});
