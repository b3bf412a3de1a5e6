export { createSqsQueue, SqsQueue } from './sqs-queue.js';
export type { SqsQueueOptions } from './sqs-queue.js';
export type { SqsClient } from './sqs-client.js';
