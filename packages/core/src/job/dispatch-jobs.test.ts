import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from '@tenon/queue-memory';
import { anOutgoingJob, createTestPlatform } from '@tenon/testing';
import fc from 'fast-check';
import { sendJobs } from './dispatch-jobs.js';

describe('sendJobs', () => {
  it('sends any text in characters that every queue takes, and it reads back the same', async () => {
    const { clock, ids } = createTestPlatform();
    const texts = fc.string({ unit: 'binary', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, fc.constant('🪵 joint 🔩')), async (text) => {
        const queue = createMemoryQueue({ queues: ['default'], clock, ids });
        const job = anOutgoingJob({ queue: 'default', delayMs: 0 });
        const message = { ...job.message, input: { text } };
        await sendJobs(queue, [{ ...job, message }]);
        const [received] = await queue.receive({
          queue: 'default',
          max: 1,
          waitMs: 0,
          visibilityMs: 1_000,
        });
        expect(received?.body).not.toMatch(/[\ud800-\udfff]/);
        expect(JSON.parse(received?.body ?? '')).toEqual(message);
      }),
    );
  });
});
