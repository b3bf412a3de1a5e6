import { fifoContract } from './queue-fifo.contract.js';
import { receiveNow, queueSuite } from './queue-suite.js';
import type { QueueContractOptions, QueueSuite } from './queue-suite.js';
import { refusalContract } from './queue-refusal.contract.js';

function deliveryContract({ describe, it, expect }: QueueSuite): void {
  describe('delivery', () => {
    it('queue: a message arrives as it was sent, and once it is acknowledged', async (test) => {
      const { queue, standard } = test;
      const body = `{"text":"it's \\"ä\\" <&>\\n"}`;
      await queue.send(standard, [{ body, attributes: { tenant: 't-1', other: 'ä' } }]);
      const [message, ...rest] = await receiveNow(queue, standard, { visibilityMs: 1_000 });
      expect(rest).toEqual([]);
      expect(message).toMatchObject({
        body,
        receiveCount: 1,
        attributes: { tenant: 't-1', other: 'ä' },
      });
      expect(message?.id).not.toBe('');
      expect(message?.receipt).not.toBe('');
      await queue.acknowledge(standard, [message!]);
      await queue.acknowledge(standard, [message!]);
      await test.wait(1_100);
      expect(await receiveNow(queue, standard)).toEqual([]);
    });

    it('queue: characters beyond the basic plane arrive', async ({ queue, standard }) => {
      await queue.send(standard, [{ body: '"😀"', attributes: { mood: '😀' } }]);
      expect(await receiveNow(queue, standard)).toMatchObject([
        { body: '"😀"', attributes: { mood: '😀' } },
      ]);
    });

    it('queue: more messages than a batch holds all arrive once', async ({
      queue,
      standard,
      drain,
    }) => {
      const bodies = Array.from({ length: 25 }, (_, index) => `message ${index}`);
      await queue.send(
        standard,
        bodies.map((body) => ({ body })),
      );
      const received = await drain(standard);
      expect(received.map(({ body }) => body).sort()).toEqual([...bodies].sort());
      expect(new Set(received.map(({ id }) => id)).size).toBe(25);
      await queue.acknowledge(standard, received);
      expect(await drain(standard)).toEqual([]);
    });

    it('queue: at most max messages come at once', async ({ queue, standard }) => {
      await queue.send(
        standard,
        Array.from({ length: 9 }, (_, index) => ({ body: `${index}` })),
      );
      const batch = await receiveNow(queue, standard, { max: 4 });
      expect(batch.length).toBeGreaterThan(0);
      expect(batch.length).toBeLessThanOrEqual(4);
    });

    it('queue: parallel receivers get different messages', async ({ queue, standard, drain }) => {
      await queue.send(
        standard,
        Array.from({ length: 40 }, (_, index) => ({ body: `${index}` })),
      );
      const received = (
        await Promise.all(Array.from({ length: 5 }, () => drain(standard, 3)))
      ).flat();
      expect(new Set(received.map(({ id }) => id)).size).toBe(received.length);
      expect(received).toHaveLength(40);
    });

    it('queue: what is not acknowledged comes again with another receipt', async (test) => {
      const { queue, standard } = test;
      await queue.send(standard, [{ body: 'again' }]);
      const [first] = await receiveNow(queue, standard, { visibilityMs: 1_000 });
      expect(await receiveNow(queue, standard)).toEqual([]);
      await test.wait(1_200);
      const [second] = await receiveNow(queue, standard);
      expect(second).toMatchObject({ id: first?.id, body: 'again', receiveCount: 2 });
      expect(second?.receipt).not.toBe(first?.receipt);
    });

    it('queue: an outdated receipt acknowledges nothing', async ({ queue, standard }) => {
      await queue.send(standard, [{ body: 'kept' }]);
      const outdated = await receiveNow(queue, standard);
      await queue.release(standard, outdated, 0);
      const current = await receiveNow(queue, standard);
      expect(current).toHaveLength(1);
      await queue.acknowledge(standard, outdated);
      await queue.release(standard, current, 0);
      expect(await receiveNow(queue, standard)).toHaveLength(1);
    });

    it('queue: empty lists do nothing', async ({ queue, standard }) => {
      await queue.send(standard, []);
      await queue.acknowledge(standard, []);
      await queue.release(standard, [], 0);
      await queue.extend(standard, [], 1_000);
      expect(await receiveNow(queue, standard)).toEqual([]);
    });
  });
}

function timeContract({ describe, it, expect }: QueueSuite): void {
  describe('time', () => {
    it('queue: a delayed message comes later', async (test) => {
      const { queue, standard } = test;
      await queue.send(standard, [{ body: 'late', delayMs: 2_000 }, { body: 'now' }]);
      expect((await test.drain(standard)).map(({ body }) => body)).toEqual(['now']);
      await test.wait(2_200);
      expect((await receiveNow(queue, standard)).map(({ body }) => body)).toEqual(['late']);
    });

    it('queue: release shows a message again, at once or later', async (test) => {
      const { queue, standard } = test;
      await queue.send(standard, [{ body: 'x' }]);
      await queue.release(standard, await receiveNow(queue, standard), 0);
      const again = await receiveNow(queue, standard);
      expect(again).toMatchObject([{ body: 'x', receiveCount: 2 }]);
      await queue.release(standard, again, 2_000);
      expect(await receiveNow(queue, standard)).toEqual([]);
      await test.wait(2_200);
      expect(await receiveNow(queue, standard)).toMatchObject([{ receiveCount: 3 }]);
    });

    it('queue: extend hides a message longer', async (test) => {
      const { queue, standard } = test;
      await queue.send(standard, [{ body: 'x' }]);
      const received = await receiveNow(queue, standard, { visibilityMs: 1_000 });
      await queue.extend(standard, received, 3_000);
      await test.wait(1_500);
      expect(await receiveNow(queue, standard)).toEqual([]);
      await test.wait(2_000);
      expect(await receiveNow(queue, standard)).toHaveLength(1);
    });

    it('queue: receive waits for a first message', async (test) => {
      const { queue, standard } = test;
      const waiting = queue.receive({
        queue: standard,
        max: 10,
        waitMs: 5_000,
        visibilityMs: 60_000,
      });
      await test.wait(100);
      await queue.send(standard, [{ body: 'woken' }]);
      await test.wait(1_000);
      expect((await waiting).map(({ body }) => body)).toEqual(['woken']);
    });

    it('queue: receive ends empty after its time', async (test) => {
      const { queue, standard } = test;
      const request = { queue: standard, max: 10, waitMs: 1_000, visibilityMs: 60_000 };
      const waiting = queue.receive(request);
      await test.wait(1_100);
      expect(await waiting).toEqual([]);
    });

    it('queue: receive ends empty when the signal aborts', async ({ queue, standard }) => {
      const controller = new AbortController();
      const request = { queue: standard, max: 10, waitMs: 20_000, visibilityMs: 60_000 };
      const waiting = queue.receive({ ...request, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('stop')), 50);
      const started = performance.now();
      expect(await waiting).toEqual([]);
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(await queue.receive({ ...request, signal: controller.signal })).toEqual([]);
    });

    it('queue: an aborted receive takes no message away', async ({ queue, standard, drain }) => {
      const controller = new AbortController();
      const request = { queue: standard, max: 10, waitMs: 20_000, visibilityMs: 60_000 };
      const waiting = queue.receive({ ...request, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('stop')), 50);
      await waiting;
      await queue.send(standard, [{ body: 'still there' }]);
      expect(await drain(standard)).toHaveLength(1);
    });
  });
}

function operationContract({ describe, it, expect }: QueueSuite): void {
  describe('operation', () => {
    it('queue: status counts every queue', async (test) => {
      const { queue, standard, fifo } = test;
      await queue.send(standard, [{ body: 'a' }, { body: 'b' }, { body: 'c', delayMs: 60_000 }]);
      const received = await receiveNow(queue, standard, { max: 1 });
      expect(received).toHaveLength(1);
      const status = await queue.status();
      expect(status.find((each) => each.queue === standard)).toEqual({
        queue: standard,
        waiting: 1,
        inFlight: 1,
        delayed: 1,
      });
      expect(status.find((each) => each.queue === fifo)).toMatchObject({ waiting: 0 });
    });

    it('queue: close is idempotent and ends waiting receivers', async ({ queue, standard }) => {
      const request = { queue: standard, max: 10, waitMs: 20_000, visibilityMs: 60_000 };
      const waiting = queue.receive(request).then(
        (messages) => messages.length,
        () => 0,
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      await queue.close();
      await queue.close();
      expect(await waiting).toBe(0);
      await expect(queue.send(standard, [{ body: 'x' }])).rejects.toThrow();
    });
  });
}

/**
 * The contract of `Queue`. Delays and visibility are whole seconds, which is what SQS knows.
 *
 * @example
 * queueContract('memory', {
 *   make: async ({ standard, fifo }) => {
 *     const { clock, ids } = createTestPlatform();
 *     const queue = createMemoryQueue({ queues: [standard, fifo], clock, ids });
 *     return { queue, wait: (ms) => clock.advance(ms) };
 *   },
 * });
 */
export function queueContract(name: string, options: QueueContractOptions): void {
  const suite = queueSuite(options);
  suite.describe(`Queue: ${name}`, () => {
    for (const part of [
      deliveryContract,
      timeContract,
      operationContract,
      fifoContract,
      refusalContract,
    ]) {
      part(suite);
    }
  });
}
