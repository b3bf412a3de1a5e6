import { setTimeout as sleep } from 'node:timers/promises';
import { isTransactionConflict, transactionAborted } from './database.errors.js';
import type { PoolSession } from './pool-session.js';
import { TransactionSession } from './transaction-session.js';

const FIRST_WAIT_MS = 10;

/** How transactions run. */
export interface TransactionOptions {
  readonly preparedStatements: boolean;
  readonly transactionRetries: number;
}

async function commit(session: TransactionSession): Promise<void> {
  const { command } = await session.send({ text: 'COMMIT' });
  if (command === 'COMMIT') return;
  // PostgreSQL answers ROLLBACK when a statement failed and the work went on as if nothing had happened.
  throw transactionAborted();
}

async function attempt<T>(
  pool: PoolSession,
  options: TransactionOptions,
  work: (session: TransactionSession) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const session = new TransactionSession(client, options);
  try {
    await session.send({ text: 'BEGIN' });
    const result = await work(session);
    await commit(session);
    return result;
  } catch (error) {
    // A connection that is lost would keep the caller waiting once more.
    if (!session.broken) {
      await session.send({ text: 'ROLLBACK' }).catch(() => {
        session.broken = true;
      });
    }
    throw error;
  } finally {
    await session.end();
    client.release(session.broken);
  }
}

/**
 * Runs `work` in one transaction and repeats all of it when it met others: after 10 ms, 20 ms, 40 ms …, each
 * stretched at random, so that those who met do not meet again.
 */
export async function runTransaction<T>(
  pool: PoolSession,
  options: TransactionOptions,
  work: (session: TransactionSession) => Promise<T>,
): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt(pool, options, work);
    } catch (error) {
      if (retry >= options.transactionRetries || !isTransactionConflict(error)) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** retry * (1 + Math.random()));
    }
  }
}
