import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '@tenon/core';
import { createTestPlatform } from '@tenon/testing';
import fc from 'fast-check';
import { createMemoryQueue } from './memory-queue.js';

const FIFO = 'ordered.fifo';
const STANDARD = 'standard';

function setup() {
  const { clock, ids } = createTestPlatform();
  return { clock, queue: createMemoryQueue({ queues: [STANDARD, FIFO], clock, ids }) };
}

const now = { max: 10, waitMs: 0, visibilityMs: 60_000 };

/** Receives, acknowledges some and releases the others until nothing is left. */
async function drain(
  name: string,
  { queue }: ReturnType<typeof setup>,
  { maxes, accept }: { maxes: readonly number[]; accept: (message: ReceivedMessage) => boolean },
): Promise<{ accepted: string[]; seen: number }> {
  const accepted: string[] = [];
  let seen = 0;
  for (let turn = 0; ; turn += 1) {
    const max = maxes[turn % maxes.length] ?? 10;
    const batch = await queue.receive({ ...now, queue: name, max });
    if (batch.length === 0) return { accepted, seen };
    seen += batch.length;
    // As a consumer of a FIFO queue does it: nothing behind a failure is accepted.
    const failed = batch.findIndex((message) => !accept(message));
    const good = failed === -1 ? batch : batch.slice(0, failed);
    accepted.push(...good.map(({ body }) => body));
    await queue.acknowledge(name, good);
    await queue.release(name, batch.slice(good.length), 0);
  }
}

const maxes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 5 });

describe('MemoryQueue', () => {
  it('delivers every message until it is acknowledged, and none afterwards', async () => {
    const failures = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(failures, maxes, async (failuresOf, sizes) => {
        const made = setup();
        await made.queue.send(
          STANDARD,
          failuresOf.map((_, index) => ({ body: String(index) })),
        );
        const { accepted, seen } = await drain(STANDARD, made, {
          maxes: sizes,
          accept: ({ body, receiveCount }) => receiveCount > (failuresOf[Number(body)] ?? 0),
        });
        expect([...accepted].sort()).toEqual(failuresOf.map((_, index) => String(index)).sort());
        expect(seen).toBeGreaterThanOrEqual(failuresOf.length);
        expect(await made.queue.status()).toContainEqual({
          queue: STANDARD,
          waiting: 0,
          inFlight: 0,
          delayed: 0,
        });
      }),
    );
  });

  it('keeps the order of each group, also when messages fail at first', async () => {
    const messages = fc.array(
      fc.record({ group: fc.constantFrom('a', 'b', 'c'), failures: fc.nat({ max: 2 }) }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(messages, maxes, async (input, sizes) => {
        const made = setup();
        const bodies = input.map(({ group }, index) => `${group}/${index}`);
        await made.queue.send(
          FIFO,
          input.map(({ group }, index) => ({ body: bodies[index]!, groupId: group })),
        );
        const { accepted } = await drain(FIFO, made, {
          maxes: sizes,
          accept: ({ body, receiveCount }) =>
            receiveCount > (input[Number(body.split('/')[1])]?.failures ?? 0),
        });
        expect(accepted).toHaveLength(bodies.length);
        for (const group of ['a', 'b', 'c']) {
          const inGroup = (body: string): boolean => body.startsWith(group);
          expect(accepted.filter(inGroup)).toEqual(bodies.filter(inGroup));
        }
      }),
    );
  });

  it('waits for a blocked group without looking again and again', async () => {
    const { clock, queue } = setup();
    await queue.send(FIFO, [
      { body: '1', groupId: 'a' },
      { body: '2', groupId: 'a' },
    ]);
    const first = await queue.receive({ ...now, queue: FIFO, max: 1 });
    let wakes = 0;
    const deadline = clock.deadline.bind(clock);
    clock.deadline = (ms, parent) => {
      wakes += 1;
      return deadline(ms, parent);
    };
    const waiting = queue.receive({ ...now, queue: FIFO, waitMs: 20_000 });
    await clock.advance(10_000);
    expect(wakes).toBe(1);
    await queue.acknowledge(FIFO, first);
    expect((await waiting).map(({ body }) => body)).toEqual(['2']);
  });

  it('refuses what SQS would refuse', async () => {
    const { queue } = setup();
    const refused = [
      { body: '' },
      { body: 'a\u0000b' },
      { body: '\ud800' },
      { body: 'x', attributes: { '': 'x' } },
      { body: 'x', attributes: { 'AWS.x': 'x' } },
      { body: 'x', attributes: { name: '' } },
      {
        body: 'x',
        attributes: Object.fromEntries(Array.from('abcdefghijk', (name) => [name, '1'])),
      },
    ];
    for (const message of refused) {
      await expect(queue.send(STANDARD, [{ body: 'good' }, message])).rejects.toMatchObject({
        code: 'QUEUE_INVALID_MESSAGE',
        details: { index: 1 },
      });
    }
    await expect(queue.send(FIFO, [{ body: 'x', groupId: 'two words' }])).rejects.toMatchObject({
      code: 'QUEUE_INVALID_MESSAGE',
    });
    expect(await queue.receive({ ...now, queue: STANDARD })).toEqual([]);
  });

  it('says so when it is used after close, instead of answering at once for ever', async () => {
    const { queue } = setup();
    await queue.close();
    await expect(queue.receive({ ...now, queue: STANDARD })).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      retryable: true,
    });
  });

  it('names the nearest option for an unknown one', () => {
    const { clock, ids } = createTestPlatform();
    const options = { queues: [], clock, ids, maxBodyByte: 3 };
    expect(() => createMemoryQueue(options)).toThrow(/did you mean 'maxBodyBytes'/);
  });
});
