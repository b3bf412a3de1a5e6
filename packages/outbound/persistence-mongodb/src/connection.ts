import type { Db, Document, MongoClient, MongoClientOptions } from 'mongodb';
import { closedError, translateError } from './database.errors.js';
import { databaseOf, type ValidOptions } from './options.js';

/** How much longer than the server the client waits for an answer: then the connection is dead. */
const GRACE_MS = 2_000;

/** What a server can do, as it says itself. */
export interface Deployment {
  /** Transactions over several documents: a replica set or a sharded cluster, not a server on its own. */
  readonly transactions: boolean;
}

function clientOptions(options: ValidOptions): MongoClientOptions {
  const { poolSize, connectTimeoutMs, statementTimeoutMs } = options;
  return {
    appName: 'tenon',
    ...options.driverOptions,
    maxPoolSize: poolSize,
    serverSelectionTimeoutMS: connectTimeoutMs,
    connectTimeoutMS: connectTimeoutMs,
    waitQueueTimeoutMS: connectTimeoutMs,
    socketTimeoutMS: statementTimeoutMs + GRACE_MS,
    ignoreUndefined: false,
    // A statement that another process must see is on most servers before it is answered.
    writeConcern: { w: 'majority' },
    retryWrites: true,
    retryReads: true,
  };
}

async function hello(db: Db): Promise<Document> {
  try {
    return await db.admin().command({ hello: 1 });
  } catch (error) {
    // Servers that only imitate MongoDB may know the old name alone.
    if ((error as { code?: unknown }).code !== 59) throw error;
    return db.admin().command({ isMaster: 1 });
  }
}

/** The client, made and its driver loaded on first use: functions that answer without the database do not pay for it. */
export class Connection {
  readonly #options: ValidOptions;
  #opening: Promise<MongoClient> | null = null;
  #db: Db | null = null;
  #deployment: Deployment | null = null;
  #closed = false;

  constructor(options: ValidOptions) {
    this.#options = options;
  }

  get options(): ValidOptions {
    return this.#options;
  }

  /** What is known of the server; null before the first statement that asks. */
  get known(): Deployment | null {
    return this.#deployment;
  }

  async #open(): Promise<MongoClient> {
    const { client, connectionString = '' } = this.#options;
    if (client) return client;
    // A CommonJS package: bundles that are split at `import()` have its default export alone.
    const { default: driver } = await import('mongodb');
    return new driver.MongoClient(connectionString, clientOptions(this.#options));
  }

  /** @throws TenonError `DATABASE_UNAVAILABLE` after `close`. */
  async client(): Promise<MongoClient> {
    if (this.#closed) throw closedError();
    this.#opening ??= this.#open();
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = null;
      throw this.translate(error);
    }
  }

  async db(): Promise<Db> {
    const client = await this.client();
    this.#db ??= client.db(databaseOf(this.#options));
    return this.#db;
  }

  /** Asks the server once. A server does not become another kind while a process runs. */
  async deployment(): Promise<Deployment> {
    if (this.#deployment) return this.#deployment;
    try {
      const answer = await hello(await this.db());
      const many = typeof answer['setName'] === 'string' || answer['msg'] === 'isdbgrid';
      this.#deployment = {
        transactions: many && typeof answer['logicalSessionTimeoutMinutes'] === 'number',
      };
      return this.#deployment;
    } catch (error) {
      throw this.translate(error);
    }
  }

  translate(error: unknown): unknown {
    return translateError(this.#closed ? closedError() : error, this.#options.poolSize);
  }

  /** Ends the connections, once, when they are its own; refuses everything from now on. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const client = await this.#opening?.catch(() => null);
    if (this.#options.client === undefined) await client?.close();
  }
}
