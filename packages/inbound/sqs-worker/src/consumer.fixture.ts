import type { Queue, ReceivedMessage } from '@tenon/core';
import { createMemoryQueue } from '@tenon/queue-memory';
import { createTestPlatform, recordingLogger } from '@tenon/testing';
import { Consumer } from './consumer.js';
import type { ConsumerOptions } from './consumer.js';

export const STANDARD = 'jobs';
export const FIFO = 'jobs.fifo';

/** A memory queue on a clock that the test moves, and consumers of it. */
export function consumerWorld() {
  const { clock, ids } = createTestPlatform();
  const queue = createMemoryQueue({ queues: [STANDARD, FIFO], clock, ids });
  const log = recordingLogger();
  const consume = (
    options: Partial<ConsumerOptions> & Pick<ConsumerOptions, 'handle'>,
  ): Consumer => {
    const consumer = new Consumer({ queue, queueName: STANDARD, clock, logger: log, ...options });
    consumer.start();
    return consumer;
  };
  return { clock, queue, log, consume };
}

/** A queue whose methods fail as often as the test says, before they reach the real one. */
export function faulty(
  real: Queue,
  fails: (method: 'receive' | 'acknowledge' | 'extend' | 'release') => Error | null,
): Queue {
  const guarded =
    <Arguments extends unknown[], Result>(
      method: Parameters<typeof fails>[0],
      call: (...args: Arguments) => Promise<Result>,
    ) =>
    async (...args: Arguments): Promise<Result> => {
      const error = fails(method);
      if (error) throw error;
      return call(...args);
    };
  return {
    capabilities: real.capabilities,
    send: (queue, messages) => real.send(queue, messages),
    receive: guarded('receive', (request: Parameters<Queue['receive']>[0]) =>
      real.receive(request),
    ),
    acknowledge: guarded('acknowledge', (queue: string, messages: readonly ReceivedMessage[]) =>
      real.acknowledge(queue, messages),
    ),
    release: guarded('release', (...args: Parameters<Queue['release']>) => real.release(...args)),
    extend: guarded('extend', (...args: Parameters<Queue['extend']>) => real.extend(...args)),
    status: () => real.status(),
    close: () => real.close(),
  };
}

/** Lets promises and immediates go on. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
