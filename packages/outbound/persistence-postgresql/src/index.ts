export type { DatabaseInspection } from './inspect/inspect-database.js';
export { deploy as deployMigrations, migrationStatus } from './migrate/migrate.js';
export type { MigrationStatus } from './migrate/migrate.js';
export { readMigrations } from './migrate/migration.js';
export type { Migration } from './migrate/migration.js';
export type { PostgresqlPersistenceOptions } from './options.js';
export type { RowLevelSecurityOptions, RowSecurityStatus } from './row-security/row-security.js';
export { createPostgresqlPersistence } from './postgresql-persistence.js';
export type { PostgresqlPersistence } from './postgresql-persistence.js';
