import { AsyncLocalStorage } from 'node:async_hooks';
import { hasCode } from '@tenon/core';
import { copyOf } from './copy.js';
import type { Database } from './database.js';
import {
  databaseClosed,
  transactionAborted,
  transactionBypassed,
  transactionEnded,
} from './persistence.errors.js';

/** How repositories reach the rows. */
export interface Access {
  /** Runs one statement: all of it or nothing, and answers a copy of what it answers. */
  run<T>(statement: (database: Database) => T): Promise<T>;
}

/** One open transaction. */
class Transaction implements Access {
  ended = false;
  #failure: { readonly cause: unknown } | null = null;

  constructor(private readonly database: Database) {}

  async run<T>(statement: (database: Database) => T): Promise<T> {
    if (this.ended) throw transactionEnded();
    this.check();
    try {
      return execute(this.database, statement);
    } catch (error) {
      if (hasCode(error, 'UNIQUE_CONFLICT')) this.#failure = { cause: error };
      throw error;
    }
  }

  check(): void {
    if (this.#failure) throw transactionAborted(this.#failure.cause);
  }
}

/** Lets one transaction or statement at a time at the rows. */
export class Turns {
  readonly current = new AsyncLocalStorage<Transaction>();
  #tail: Promise<unknown> = Promise.resolve();

  /** After everything that began before, so that nobody sees half of a transaction. */
  next<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

/** Reaches the rows from outside of transactions, and opens them. */
export class Engine implements Access {
  #closed = false;

  constructor(
    readonly database: Database,
    private readonly turns: Turns,
  ) {}

  run<T>(statement: (database: Database) => T): Promise<T> {
    return this.#next(() => {
      const result = execute(this.database, statement);
      this.database.journal.forget();
      return result;
    });
  }

  transaction<T>(work: (access: Access) => Promise<T>): Promise<T> {
    return this.#next(async () => {
      const transaction = new Transaction(this.database);
      try {
        const result = await this.turns.current.run(transaction, () => work(transaction));
        transaction.check();
        return result;
      } catch (error) {
        this.database.journal.rollback(0);
        throw error;
      } finally {
        transaction.ended = true;
        this.database.journal.forget();
      }
    });
  }

  /** Another one on the same rows, open whatever happens to this one. */
  again(): Engine {
    return new Engine(this.database, this.turns);
  }

  close(): void {
    this.#closed = true;
  }

  async #next<T>(work: () => T | Promise<T>): Promise<T> {
    const current = this.turns.current.getStore();
    if (current && !current.ended) throw transactionBypassed();
    if (this.#closed) throw databaseClosed();
    return this.turns.next(work);
  }
}

function execute<T>(database: Database, statement: (database: Database) => T): T {
  const mark = database.journal.mark();
  try {
    return copyOf(statement(database));
  } catch (error) {
    database.journal.rollback(mark);
    throw error;
  }
}
