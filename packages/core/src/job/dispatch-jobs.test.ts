import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from '@tenon/queue-memory';
import { anOutgoingJob, createTestPlatform } from '@tenon/testing';
import fc from 'fast-check';
import type { Queue } from '../platform/queue.port.js';
import { TenonError } from '../platform/tenon.error.js';
import type { ErrorCategory } from '../platform/tenon.error.js';
import { sendJobs } from './dispatch-jobs.js';
import type { OutgoingJob } from './job.js';

const failure = (code: string, category: ErrorCategory): TenonError =>
  new TenonError({ code, category, message: `It is ${code}` });

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

  it('sends nothing of a FIFO group past a message that has to wait, also when another spoils the batch', async () => {
    const { clock, ids } = createTestPlatform();
    const queue = createMemoryQueue({ queues: ['work.fifo'], clock, ids });
    const job = (input: string, groupId: string) => {
      const made = anOutgoingJob({ queue: 'work.fifo', delayMs: 0, groupId });
      return { ...made, message: { ...made.message, input } };
    };
    const jobs = [
      job('spoils', 'a'),
      job('waits', 'b'),
      job('free', 'a'),
      job('behind', 'b'),
      job('other', 'c'),
    ];
    const send: Queue['send'] = async (name, messages) => {
      const has = (text: string) => messages.some(({ body }) => body.includes(`"${text}"`));
      if (has('spoils')) throw failure('QUEUE_MESSAGE_TOO_LARGE', 'validation');
      if (has('waits')) throw failure('QUEUE_UNAVAILABLE', 'unavailable');
      await queue.send(name, messages);
    };
    const flaky = new Proxy<Queue>(queue, {
      get: (target, name) => (name === 'send' ? send : (Reflect.get(target, name) as unknown)),
    });
    const report = await sendJobs(flaky, jobs);
    const inputs = (list: readonly OutgoingJob[]) => list.map(({ message }) => message.input);
    expect(inputs(report.sent)).toEqual(['free', 'other']);
    expect(inputs(report.refused.map((each) => each.job))).toEqual(['spoils']);
    expect(inputs(report.left.flatMap((each) => each.jobs))).toEqual(['waits', 'behind']);
  });
});
