export { deploy as deployIndexes, migrationStatus } from './migrate/migrate.js';
export type { MigrationStatus } from './migrate/migrate.js';
export { INDEXES } from './indexes.js';
export type { IndexDescription } from './indexes.js';
export type { MongodbInspection } from './inspect-database.js';
export type { MongodbPersistenceOptions } from './options.js';
export { createMongodbPersistence } from './mongodb-persistence.js';
export type { MongodbPersistence } from './mongodb-persistence.js';
