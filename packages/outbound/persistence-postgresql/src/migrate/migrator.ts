import type { ClientBase, Pool } from 'pg';
import { translateError } from '../database.errors.js';
import { SYSTEM_SETTING } from '../row-security/scope.js';

/** Prisma's engine takes the same advisory lock, so that the two exclude each other. */
const LOCK = 72707369;

/**
 * Works on the schema, one process at a time, on a connection of its own, so that it ends with the work, and the lock with it; and
 * without time-outs: waiting for another process or changing a large table may take longer than any statement of the app.
 * Where rows have policies, it sees those of all tenants.
 */
export async function withMigrator<T>(
  pool: Pool,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const { default: pg } = await import('pg');
  const options = `${pool.options.options ?? ''} -c ${SYSTEM_SETTING}=on`.trim();
  const client = new pg.Client({
    ...pool.options,
    options,
    statement_timeout: 0,
    query_timeout: 0,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    return await work(client);
  } catch (error) {
    throw translateError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** All of the work, or nothing. */
export async function inTransaction(client: ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
