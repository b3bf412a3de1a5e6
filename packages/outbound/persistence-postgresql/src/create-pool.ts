import type { Pool } from 'pg';
import { MisconfiguredError, type Logger } from '@tenon/core';
import type { ValidOptions } from './options.js';

/** How much longer than the server the client waits for an answer: then the connection is dead. */
const GRACE_MS = 2_000;

/** Takes `options` out of the address, where it would replace the ones that are set here. */
function splitAddress(connectionString: string): { address: string; options: string } {
  let url: URL;
  try {
    url = new URL(connectionString);
  } catch {
    // The address holds a password: it is not repeated.
    throw new MisconfiguredError(
      "createPostgresqlPersistence: 'connectionString' is no address like postgresql://user:password@host:5432/database",
      { option: 'connectionString' },
    );
  }
  const options = url.searchParams.get('options') ?? '';
  url.searchParams.delete('options');
  return { address: url.href, options };
}

/** Failures of idle connections concern nobody: the pool drops them, and the next call connects again. */
export function watchPool(pool: Pool, logger: Logger | undefined): void {
  const lost = (error: Error): void => {
    logger?.warn('A database connection was lost', { reason: error.message });
  };
  pool.on('error', lost);
  // A connection that breaks while it is in use reports to its query as well; without a listener the process would end.
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/**
 * Opens a pool whose sessions use UTC, as Prisma needs, and whose every wait has an end. The driver is loaded when it is
 * called: functions that answer without the database do not pay for it.
 * @throws MisconfiguredError at once for an address that is none.
 */
export function poolOpener(options: ValidOptions): () => Promise<Pool> {
  const { address, options: own } = splitAddress(options.connectionString ?? '');
  return async () => {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({
      connectionString: address,
      options: `${own} -c TimeZone=UTC`.trim(),
      max: options.poolSize,
      connectionTimeoutMillis: options.connectTimeoutMs,
      statement_timeout: options.statementTimeoutMs,
      query_timeout: options.statementTimeoutMs + GRACE_MS,
      idle_in_transaction_session_timeout: options.idleTransactionTimeoutMs,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      keepAlive: true,
      application_name: 'tenon',
    });
    watchPool(pool, options.logger);
    return pool;
  };
}
