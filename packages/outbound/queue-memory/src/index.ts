export { createMemoryQueue, MemoryQueue } from './memory-queue.js';
export type { MemoryQueueOptions } from './memory-queue.js';
