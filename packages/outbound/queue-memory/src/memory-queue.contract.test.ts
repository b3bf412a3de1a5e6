import { createTestPlatform, queueContract } from '@tenon/testing';
import { createMemoryQueue } from './memory-queue.js';

queueContract('memory', {
  make: async ({ standard, fifo }) => {
    const { clock, ids } = createTestPlatform();
    const queue = createMemoryQueue({ queues: [standard, fifo], clock, ids });
    return { queue, wait: (ms) => clock.advance(ms) };
  },
});
