import type { Pool } from 'pg';
import { translateError } from '../database.errors.js';
import { rowSecurityStatus, type RowSecurityStatus } from '../row-security/row-security.js';
import { expectedColumns, expectedIndexes } from './expected-schema.js';

/** What is in a database, against what this version describes. */
export interface DatabaseInspection {
  /** `15.18`. */
  readonly serverVersion: string;
  /** Whether the server is one that Tenon supports. */
  readonly supported: boolean;
  /** `table.column` of what is described and not there. */
  readonly missingColumns: readonly string[];
  readonly missingIndexes: readonly string[];
  /** Indexes of Tenon that exist and are not used: their making was cut short. */
  readonly invalidIndexes: readonly string[];
  readonly rowSecurity: RowSecurityStatus;
  /** The server's clock, less ours. */
  readonly clockSkewMs: number;
  /** The most connections of this process, and of the server, and those open now. */
  readonly connections: {
    readonly poolSize: number;
    readonly open: number;
    readonly max: number;
  };
}

/** The oldest server that Tenon supports. */
const OLDEST = 150_000;

const SERVER = `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
  current_setting('max_connections')::int AS max,
  (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS open`;

const NOW = 'SELECT clock_timestamp() AS now';

/** Half the way of the question lies before the answer. */
async function clockSkewMs(pool: Pool): Promise<number> {
  const before = Date.now();
  const row = (await pool.query<{ now: Date }>(NOW)).rows[0];
  const middle = (before + Date.now()) / 2;
  return Math.round((row?.now.getTime() ?? middle) - middle);
}

const COLUMNS = `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
  WHERE table_schema = current_schema()`;

const INDEXES = `SELECT c.relname AS name, i.indisvalid AND i.indisready AS valid
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
  WHERE c.relnamespace = current_schema()::regnamespace`;

interface ServerRow {
  readonly number: number;
  readonly version: string;
  readonly max: number;
  readonly open: number;
}

/** Looks at server, schema, indexes, row-level security and connections. Changes nothing. @throws TenonError `DATABASE_UNAVAILABLE`. */
export async function inspectDatabase(pool: Pool): Promise<DatabaseInspection> {
  try {
    const server = (await pool.query<ServerRow>(SERVER)).rows[0];
    const columns = new Set(
      (await pool.query<{ name: string }>(COLUMNS)).rows.map(({ name }) => name),
    );
    const indexes = new Map(
      (await pool.query<{ name: string; valid: boolean }>(INDEXES)).rows.map(
        ({ name, valid }) => [name, valid] as const,
      ),
    );
    const wanted = expectedIndexes();
    return {
      serverVersion: server?.version.split(' ')[0] ?? '',
      supported: (server?.number ?? 0) >= OLDEST,
      missingColumns: expectedColumns().filter((name) => !columns.has(name)),
      missingIndexes: wanted.filter((name) => !indexes.has(name)),
      invalidIndexes: wanted.filter((name) => indexes.get(name) === false),
      rowSecurity: await rowSecurityStatus(pool),
      clockSkewMs: await clockSkewMs(pool),
      connections: { poolSize: pool.options.max, open: server?.open ?? 0, max: server?.max ?? 0 },
    };
  } catch (error) {
    throw translateError(error);
  }
}
