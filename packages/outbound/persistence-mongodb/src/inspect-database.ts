import type { Db, Document } from 'mongodb';
import type { Connection } from './connection.js';
import { migrationStatus } from './migrate/migrate.js';

/** What is in a database, against what this version describes. */
export interface MongodbInspection {
  /** `7.0.24`. */
  readonly serverVersion: string;
  /** Whether the server is one that Tenon supports. */
  readonly supported: boolean;
  /** Whether it has transactions. */
  readonly transactions: boolean;
  readonly missingIndexes: readonly string[];
  /** There, but not as they are described. */
  readonly changedIndexes: readonly string[];
  /** The server's clock, less ours; null when it does not tell. */
  readonly clockSkewMs: number | null;
  /** The most connections of this process, and of the server, and those open now; null when the user may not ask. */
  readonly connections: {
    readonly poolSize: number;
    readonly open: number | null;
    readonly max: number | null;
  };
}

/** The oldest server that Tenon supports. */
const OLDEST = 5;

/** Needs the role `clusterMonitor`, which the user of an app need not have. */
async function openConnections(db: Db): Promise<{ open: number | null; max: number | null }> {
  try {
    const { connections }: Document = await db.admin().command({ serverStatus: 1 });
    const { current, available } = connections as { current: number; available: number };
    return Number.isFinite(current + available)
      ? { open: current, max: current + available }
      : { open: null, max: null };
  } catch {
    return { open: null, max: null };
  }
}

/** Half the way of the question lies before the answer. */
async function clockSkewMs(db: Db): Promise<number | null> {
  const before = Date.now();
  const { localTime }: Document = await db.admin().command({ hello: 1 });
  const middle = (before + Date.now()) / 2;
  return localTime instanceof Date ? Math.round(localTime.getTime() - middle) : null;
}

/** Looks at server, indexes and connections. Changes nothing. @throws TenonError `DATABASE_UNAVAILABLE`. */
export async function inspectDatabase(connection: Connection): Promise<MongodbInspection> {
  const { transactions } = await connection.deployment();
  const db = await connection.db();
  const { version }: Document = await db.admin().command({ buildInfo: 1 });
  const serverVersion = String(version);
  const { pending, edited } = await migrationStatus(db);
  return {
    serverVersion,
    supported: Number.parseInt(serverVersion, 10) >= OLDEST,
    transactions,
    missingIndexes: pending,
    changedIndexes: edited,
    clockSkewMs: await clockSkewMs(db),
    connections: { poolSize: connection.options.poolSize, ...(await openConnections(db)) },
  };
}
