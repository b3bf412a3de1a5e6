import type { Connection } from './connection.js';
import type { StoredDocument } from './document.js';
import {
  NO_TRACES,
  type CollectionWork,
  type DriverCollection,
  type Session,
  type StatementOptions,
  type Touched,
  type WritingWork,
} from './session.js';
import { runTransaction } from './transaction.js';
import { runWithUndo } from './undo-session.js';

/** Statements on whichever connection is free. */
export class BaseSession implements Session {
  readonly inTransaction = false;
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  get options(): StatementOptions {
    return { maxTimeMS: this.connection.options.statementTimeoutMs };
  }

  async collection(table: string): Promise<DriverCollection> {
    return (await this.connection.db()).collection<StoredDocument>(table);
  }

  async read<T>(table: string, work: CollectionWork<T>): Promise<T> {
    try {
      return await work(await this.collection(table), this.options);
    } catch (error) {
      throw this.connection.translate(error);
    }
  }

  write<T>(table: string, _touched: Touched, work: WritingWork<T>): Promise<T> {
    return this.read(table, (collection, options) => work(collection, options, NO_TRACES));
  }

  async together<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { transactions } = await this.connection.deployment();
    return transactions ? runTransaction(this.connection, work) : work(this);
  }

  async wholly<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { transactions } = await this.connection.deployment();
    if (transactions) return runTransaction(this.connection, work);
    return runWithUndo(this, this.connection.options.logger, work);
  }
}
