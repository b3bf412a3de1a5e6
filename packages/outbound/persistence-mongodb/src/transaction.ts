import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientSession, TransactionOptions } from 'mongodb';
import type { Connection } from './connection.js';
import { hasLabel, isTransactionConflict } from './database.errors.js';
import type { Session } from './session.js';
import { TransactionSession } from './transaction-session.js';

const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 500;
const COMMIT_ATTEMPTS = 3;

/** What is read in a transaction is of one moment. That a commit is on most servers is said by the client. */
const OPTIONS: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  readPreference: 'primary',
};

/** Commits. When the answer is lost, asking again is safe: a commit that happened is answered as done. */
async function commit(client: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.commitTransaction();
      return;
    } catch (error) {
      const unknown = hasLabel(error, 'UnknownTransactionCommitResult');
      if (!unknown || attempt >= COMMIT_ATTEMPTS) throw error;
    }
  }
}

async function attempt<T>(
  connection: Connection,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = (await connection.client()).startSession();
  const session = new TransactionSession(connection, client);
  try {
    client.startTransaction(OPTIONS);
    const result = await work(session);
    await session.end();
    session.check();
    await commit(client);
    return result;
  } catch (error) {
    await session.end();
    if (client.inTransaction()) await client.abortTransaction().catch(() => undefined);
    throw connection.translate(error);
  } finally {
    await client.endSession();
  }
}

/**
 * Runs `work` in one transaction and repeats all of it when it met others: after 10 ms, 20 ms, 40 ms …, each stretched at
 * random, so that those who met do not meet again. MongoDB does not let transactions wait for each other's rows: the second
 * one fails at once, so repetitions are part of everyday work.
 */
export async function runTransaction<T>(
  connection: Connection,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { transactionRetries } = connection.options;
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt(connection, work);
    } catch (error) {
      if (retry >= transactionRetries || !isTransactionConflict(error)) throw error;
      await sleep(Math.min(FIRST_WAIT_MS * 2 ** retry, LONGEST_WAIT_MS) * (1 + Math.random()));
    }
  }
}
