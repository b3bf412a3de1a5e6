import type { OutgoingMessage } from '@tenon/core';
import { receiveNow } from './queue-suite.js';
import type { QueueSuite } from './queue-suite.js';

/** Tests of what a queue refuses. */
export function refusalContract({ describe, it, expect }: QueueSuite): void {
  describe('refusals', () => {
    it('queue: one oversize body and nothing is sent', async ({ queue, standard, drain }) => {
      const { maxBodyBytes } = queue.capabilities;
      const messages = [{ body: 'fits' }, { body: 'x'.repeat(maxBodyBytes + 1) }];
      const sending = queue.send(standard, messages);
      await expect(sending).rejects.toMatchObject({
        code: 'QUEUE_MESSAGE_TOO_LARGE',
        category: 'too_large',
        retryable: false,
        details: { index: 1 },
      });
      expect(await drain(standard)).toEqual([]);
    });

    it('queue: the limit counts bytes', async ({ queue, standard, drain }) => {
      const { maxBodyBytes } = queue.capabilities;
      const wide = 'ä'.repeat(Math.floor(maxBodyBytes / 2) + 1);
      await expect(queue.send(standard, [{ body: wide }])).rejects.toMatchObject({
        code: 'QUEUE_MESSAGE_TOO_LARGE',
      });
      const body = 'x'.repeat(maxBodyBytes - 1_000);
      await queue.send(standard, [{ body }]);
      const received = await drain(standard);
      expect(received.map((each) => each.body === body)).toEqual([true]);
    });

    it('queue: unknown queues are named', async ({ queue }) => {
      const unknown = 'no-such-queue';
      const refusals = [
        queue.send(unknown, [{ body: 'x' }]),
        receiveNow(queue, unknown),
        queue.acknowledge(unknown, [
          { id: '1', receipt: 'x', body: 'x', receiveCount: 1, attributes: {} },
        ]),
      ];
      for (const refusal of refusals) {
        await expect(refusal).rejects.toMatchObject({
          code: 'QUEUE_UNKNOWN',
          message: expect.stringContaining(unknown),
        });
      }
    });

    it('queue: messages that no queue can carry are refused', async (test) => {
      const { queue, standard, fifo, drain } = test;
      const { maxDelayMs } = queue.capabilities;
      const cases: readonly (readonly [string, OutgoingMessage])[] = [
        [standard, { body: '' }],
        [standard, { body: 'x', delayMs: -1 }],
        [standard, { body: 'x', delayMs: maxDelayMs + 1_000 }],
        [fifo, { body: 'x' }],
      ];
      for (const [name, message] of cases) {
        const good = { body: 'good', groupId: 'g', deduplicationId: 'good' };
        await expect(queue.send(name, [good, message])).rejects.toMatchObject({
          code: 'QUEUE_INVALID_MESSAGE',
          category: 'validation',
        });
        expect(await drain(name)).toEqual([]);
      }
    });
  });
}
