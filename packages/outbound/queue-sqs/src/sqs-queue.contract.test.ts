import { afterAll, beforeAll } from '@jest/globals';
import { queueContract } from '@tenon/testing';
import { startSqsEndpoint } from './sqs-endpoint.fixture.js';
import type { SqsEndpoint } from './sqs-endpoint.fixture.js';
import { createSqsQueue } from './sqs-queue.js';

let sqs: SqsEndpoint;
beforeAll(async () => {
  sqs = await startSqsEndpoint();
});
afterAll(() => sqs.stop());

queueContract('SQS', {
  // Of the local endpoint, not of SQS or of this adapter.
  gaps: {
    'queue: characters beyond the basic plane arrive': 'fauxqs 1 refuses them, SQS does not',
    'queue: an aborted receive takes no message away':
      'fauxqs 1 goes on polling for a client that hung up; on SQS it is rare',
  },
  make: async ({ standard, fifo }) => {
    const { client } = sqs;
    return { queue: createSqsQueue({ client, queues: await sqs.create(standard, fifo) }) };
  },
});
