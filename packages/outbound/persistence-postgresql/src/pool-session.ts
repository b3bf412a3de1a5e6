import type { Pool, PoolClient, QueryResult } from 'pg';
import { BaseSession } from './base-session.js';
import { CopyQuery } from './copy-query.js';
import {
  breaksConnection,
  closedError,
  isNoConnection,
  noConnectionError,
  translateError,
} from './database.errors.js';
import { countEstablished } from './established.js';
import { PrismaHandles } from './prisma-loader.js';
import type { Scope } from './row-security/scope.js';
import { sendScoped } from './row-security/send-scoped.js';
import type { DriverQuery, PrismaWork, Statement } from './session.js';

const ignore = (): void => undefined;

/** Each query on whichever connection is free. */
export class PoolSession extends BaseSession {
  readonly #open: () => Promise<Pool>;
  #pool: Pool | null = null;
  #established = (): number => 0;
  #opening: Promise<Pool> | null = null;
  #closed = false;
  readonly #prisma = new PrismaHandles((query, scope) => this.send(query, scope));

  /** `open` is called by the first use, and again when it failed. */
  constructor(open: () => Promise<Pool>, options: { readonly preparedStatements: boolean }) {
    super(options);
    this.#open = open;
  }

  /** The pool, made on first use. */
  async pool(): Promise<Pool> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    const pool = await this.#opening;
    if (this.#pool !== pool) this.#established = countEstablished(pool);
    return (this.#pool = pool);
  }

  /** A connection of the pool; whoever takes it gives it back. */
  async connect(): Promise<PoolClient> {
    if (this.#closed) throw closedError();
    const pool = this.#pool ?? (await this.pool());
    try {
      const client = await pool.connect();
      // A pool that was handed in may hold connections from before anybody listened.
      if (client.listenerCount('error') === 0) client.on('error', ignore);
      return client;
    } catch (error) {
      if (!isNoConnection(error)) throw translateError(error);
      const { max } = pool.options;
      throw noConnectionError(error, this.#established() >= max, max);
    }
  }

  // Not `pool.query`, which throws a connection away after any error, a conflict of keys for example.
  send(query: DriverQuery, scope?: Scope): Promise<QueryResult> {
    return this.#on((client) =>
      scope === undefined
        ? client.query(query)
        : sendScoped(client, query, { scope, named: this.named }),
    );
  }

  /** `COPY … FROM STDIN`; answers how many rows came. The database knows no scopes with it. */
  copy({ text }: Statement, body: readonly Uint8Array[]): Promise<number> {
    const query = new CopyQuery(text, body);
    return this.#on((client) => query.sendOn(client));
  }

  async #on<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.connect();
    try {
      const result = await work(client);
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
    const pool = await this.#opening?.catch(() => null);
    if (endPool) await pool?.end();
  }

  prisma<T>(work: PrismaWork<T>, scope?: Scope): Promise<T> {
    return this.#prisma.use(work, scope);
  }
}
