import type { ClientSession } from 'mongodb';
import type { Connection } from './connection.js';
import { transactionAborted, transactionEnded } from './database.errors.js';
import type { StoredDocument } from './document.js';
import {
  NO_TRACES,
  type CollectionWork,
  type Session,
  type Touched,
  type WritingWork,
} from './session.js';

const ignore = (): void => undefined;

/** All statements in one transaction, one after another, until it ends. */
export class TransactionSession implements Session {
  readonly inTransaction = true;
  readonly #connection: Connection;
  readonly #client: ClientSession;
  #tail: Promise<unknown> = Promise.resolve();
  #open = true;
  #failure: unknown = null;

  constructor(connection: Connection, client: ClientSession) {
    this.#connection = connection;
    this.#client = client;
  }

  /** @throws TenonError `TRANSACTION_ABORTED` when a statement failed and the work went on. */
  check(): void {
    if (this.#failure !== null) throw transactionAborted(this.#failure);
  }

  async #statement<T>(table: string, work: CollectionWork<T>): Promise<T> {
    this.check();
    const { statementTimeoutMs: maxTimeMS } = this.#connection.options;
    try {
      const db = await this.#connection.db();
      const collection = db.collection<StoredDocument>(table);
      return await work(collection, { session: this.#client, maxTimeMS });
    } catch (error) {
      // The server has given the transaction up.
      this.#failure = error;
      throw this.#connection.translate(error);
    }
  }

  async read<T>(table: string, work: CollectionWork<T>): Promise<T> {
    if (!this.#open) throw transactionEnded();
    // The work may begin several statements at once; the session takes them in turn.
    const answer = this.#tail.then(() => this.#statement(table, work));
    this.#tail = answer.catch(ignore);
    return answer;
  }

  async write<T>(table: string, _touched: Touched, work: WritingWork<T>): Promise<T> {
    return this.read(table, (collection, options) => work(collection, options, NO_TRACES));
  }

  together<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return work(this);
  }

  wholly<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return work(this);
  }

  /** Lets nothing more in and waits for what is under way. */
  async end(): Promise<void> {
    this.#open = false;
    await this.#tail;
  }
}
