export { startEmbeddedPostgres } from './embedded/start-embedded-postgres.js';
export type {
  EmbeddedPostgres,
  EmbeddedPostgresOptions,
} from './embedded/start-embedded-postgres.js';
