import type { Pool, PoolClient, QueryResult } from 'pg';
import { BaseSession } from './base-session.js';
import {
  breaksConnection,
  closedError,
  isNoConnection,
  noConnectionError,
  translateError,
} from './database.errors.js';
import { PrismaHandle } from './prisma-loader.js';
import type { DriverQuery, PrismaWork } from './session.js';

const ignore = (): void => undefined;

/** Each query on whichever connection is free. */
export class PoolSession extends BaseSession {
  readonly #pool: Pool;
  #closed = false;
  readonly #prisma = new PrismaHandle((query) => this.send(query));

  constructor(pool: Pool, options: { readonly preparedStatements: boolean }) {
    super(options);
    this.#pool = pool;
  }

  /** A connection of the pool; whoever takes it gives it back. */
  async connect(): Promise<PoolClient> {
    if (this.#closed) throw closedError();
    try {
      const client = await this.#pool.connect();
      // A pool that was handed in may hold connections from before anybody listened.
      if (client.listenerCount('error') === 0) client.on('error', ignore);
      return client;
    } catch (error) {
      if (!isNoConnection(error)) throw translateError(error);
      const { max } = this.#pool.options;
      throw noConnectionError(error, this.#pool.totalCount >= max, max);
    }
  }

  // Not `pool.query`, which throws a connection away after any error, a conflict of keys for example.
  async send(query: DriverQuery): Promise<QueryResult> {
    const client = await this.connect();
    try {
      const result = await client.query(query);
      client.release();
      return result;
    } catch (error) {
      client.release(breaksConnection(error));
      throw translateError(error);
    }
  }

  /** Ends the connections, once, when they are its own; refuses everything from now on. */
  async close(endPool: boolean): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (endPool) await this.#pool.end();
  }

  prisma<T>(work: PrismaWork<T>): Promise<T> {
    return this.#prisma.use(work);
  }
}
