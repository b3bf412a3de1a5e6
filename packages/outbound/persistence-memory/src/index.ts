export { createMemoryPersistence } from './persistence.js';
export type { MemoryPersistence, MemoryPersistenceOptions } from './persistence.js';
export type { Cell, MemoryInspection } from './inspection.js';
