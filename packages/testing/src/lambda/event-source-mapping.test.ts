import { describe, expect, it } from '@jest/globals';
import {
  failedMessages,
  startEventSourceMapping,
  type PollableQueue,
  type PolledMessage,
} from './event-source-mapping.js';
import type { LambdaOutcome } from './runtime-api.js';

const batch = ['a', 'b', 'c'].map((messageId) => ({ messageId }));
const ids = (result: unknown) => failedMessages(batch, result).map(({ messageId }) => messageId);
const all = ['a', 'b', 'c'];

describe('failedMessages', () => {
  it.each([
    ['nothing', null, []],
    ['an empty answer', {}, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['no list', { batchItemFailures: null }, []],
    ['one message', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    [
      'the same message twice',
      { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'b' }] },
      ['b'],
    ],
    ['an unknown message', { batchItemFailures: [{ itemIdentifier: 'x' }] }, all],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, all],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }, all],
    ['a misspelt key', { batchItemFailures: [{ itemIdentifer: 'b' }] }, all],
    ['a list that is none', { batchItemFailures: 'b' }, all],
    ['text', 'done', all],
  ])('of %s', (_, result, expected) => {
    expect(ids(result)).toEqual(expected);
  });
});

function memoryQueue(bodies: readonly string[]): PollableQueue & { readonly left: string[] } {
  const left = [...bodies];
  let handedOut = 0;
  return {
    left,
    receive: async (max) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const next = bodies.slice(handedOut, handedOut + max);
      handedOut += next.length;
      return next.map((body) => ({
        messageId: body,
        receiptHandle: body,
        body,
        attributes: { ApproximateReceiveCount: '1' },
        messageAttributes: { kind: { dataType: 'String', stringValue: 'test' } },
        md5OfBody: '',
      }));
    },
    delete: async (messages: readonly PolledMessage[]) => {
      for (const { body } of messages) left.splice(left.indexOf(body), 1);
    },
  };
}

async function drain(
  invoke: (event: unknown) => Promise<LambdaOutcome>,
  reportBatchItemFailures?: boolean,
) {
  const queue = memoryQueue(Array.from({ length: 25 }, (_, index) => `m${index}`));
  const mapping = startEventSourceMapping({
    queue,
    runtimes: [{ invoke }, { invoke }],
    ...(reportBatchItemFailures !== undefined && { reportBatchItemFailures }),
  });
  while (mapping.stats.deleted + mapping.stats.failed < 25) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await mapping.stop();
  return { left: queue.left, stats: mapping.stats };
}

describe('startEventSourceMapping', () => {
  const failing = async (): Promise<LambdaOutcome> => ({
    ok: true,
    result: { batchItemFailures: [{ itemIdentifier: 'm0' }] },
  });

  it('deletes what was accepted and leaves what failed', async () => {
    const { left, stats } = await drain(async (event) => {
      const { Records } = event as { Records: { messageId: string }[] };
      const bad = Records.filter(({ messageId }) => messageId === 'm3' || messageId === 'm24');
      const batchItemFailures = bad.map(({ messageId }) => ({ itemIdentifier: messageId }));
      return { ok: true, result: { batchItemFailures } };
    });

    expect(left).toEqual(['m3', 'm24']);
    expect(stats).toEqual({ invocations: 3, deleted: 23, failed: 2 });
  });

  it('leaves all of a batch whose invocation failed or that names a stranger', async () => {
    const error = { errorType: 'Error', errorMessage: 'broken' };

    expect((await drain(async () => ({ ok: false, error }))).left).toHaveLength(25);
    // The first batch of ten has the message, the others do not.
    expect((await drain(failing)).left).toHaveLength(16);
  });

  it('deletes everything when partial answers are switched off', async () => {
    expect((await drain(failing, false)).left).toEqual([]);
  });
});
