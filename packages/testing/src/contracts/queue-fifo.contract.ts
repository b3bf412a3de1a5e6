import { receiveNow } from './queue-suite.js';
import type { QueueSuite } from './queue-suite.js';

/** Tests of FIFO queues. */
export function fifoContract({ describe, it, expect }: QueueSuite): void {
  const message = (groupId: string, index: number) => ({
    body: `${groupId}${index}`,
    groupId,
    deduplicationId: `${groupId}-${index}`,
  });

  describe('fifo', () => {
    it('queue: messages of a group come in order, also over batches', async ({ queue, fifo }) => {
      const sent = Array.from({ length: 24 }, (_, index) =>
        message(index % 2 === 0 ? 'a' : 'b', index),
      );
      await queue.send(fifo, sent);
      const bodies: string[] = [];
      for (;;) {
        const batch = await receiveNow(queue, fifo);
        if (batch.length === 0) break;
        bodies.push(...batch.map(({ body }) => body));
        for (const each of batch) expect(each.groupId).toBe(each.body.charAt(0));
        await queue.acknowledge(fifo, batch);
      }
      for (const group of ['a', 'b']) {
        const inGroup = (body: string): boolean => body.startsWith(group);
        const expected = sent.map(({ body }) => body).filter(inGroup);
        expect(bodies.filter(inGroup)).toEqual(expected);
      }
    });

    it('queue: a group waits while one of its messages is out', async (test) => {
      const { queue, fifo } = test;
      await queue.send(fifo, [message('a', 1), message('a', 2)]);
      const [first] = await receiveNow(queue, fifo, { max: 1 });
      expect(first?.body).toBe('a1');
      await queue.send(fifo, [message('b', 1)]);
      const others = await receiveNow(queue, fifo);
      expect(others.map(({ body }) => body)).toEqual(['b1']);
      await queue.acknowledge(fifo, [first!]);
      const next = await receiveNow(queue, fifo);
      expect(next.map(({ body }) => body)).toEqual(['a2']);
    });

    it('queue: a released message comes before its successors', async ({ queue, fifo }) => {
      await queue.send(fifo, [message('a', 1), message('a', 2)]);
      const first = await receiveNow(queue, fifo, { max: 1 });
      await queue.release(fifo, first, 0);
      const again = await receiveNow(queue, fifo);
      expect(again[0]).toMatchObject({ body: 'a1', receiveCount: 2 });
    });

    it('queue: a deduplication id is taken once', async ({ queue, fifo, drain }) => {
      await queue.send(fifo, [message('a', 1)]);
      await queue.send(fifo, [{ ...message('a', 1), body: 'second' }]);
      const received = await drain(fifo);
      expect(received.map(({ body }) => body)).toEqual(['a1']);
      await queue.acknowledge(fifo, received);
      await queue.send(fifo, [message('a', 1)]);
      expect(await drain(fifo)).toEqual([]);
    });
  });
}
