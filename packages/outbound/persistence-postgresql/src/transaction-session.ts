import type { PoolClient, QueryResult } from 'pg';
import { TenonError } from '@tenon/core';
import { BaseSession } from './base-session.js';
import { breaksConnection, translateError } from './database.errors.js';
import { PrismaHandles } from './prisma-loader.js';
import type { Scope } from './row-security/scope.js';
import { sendRescoped } from './row-security/send-scoped.js';
import type { DriverQuery, PrismaWork } from './session.js';

const ignore = (): void => undefined;

function endedError(): TenonError {
  return new TenonError({
    code: 'TRANSACTION_ENDED',
    category: 'internal',
    message: 'The transaction is over: await everything that its work begins',
  });
}

/** A connection keeps its Prisma client from one transaction to the next: making one costs milliseconds. */
class Pinned {
  current: TransactionSession | null = null;
  readonly prisma = new PrismaHandles(async (query, scope) => {
    if (this.current === null) throw endedError();
    return this.current.send(query, scope);
  });
}

const pinned = new WeakMap<PoolClient, Pinned>();

/** All queries on one connection, one after another, until it ends. */
export class TransactionSession extends BaseSession {
  readonly #client: PoolClient;
  readonly #pinned: Pinned;
  #tail: Promise<unknown> = Promise.resolve();
  #open = true;
  #scope: Scope | undefined;
  /** Whether the connection must not be used again. */
  broken = false;

  constructor(client: PoolClient, options: { readonly preparedStatements: boolean }) {
    super(options);
    this.#client = client;
    this.#pinned = pinned.get(client) ?? new Pinned();
    pinned.set(client, this.#pinned);
    this.#pinned.current = this;
  }

  async send(query: DriverQuery, scope?: Scope): Promise<QueryResult> {
    if (!this.#open) throw endedError();
    // The work may begin several queries at once; the connection takes them in turn.
    const answer = this.#tail.then(() => this.#sendNow(query, scope));
    this.#tail = answer.catch(ignore);
    try {
      return await answer;
    } catch (error) {
      if (breaksConnection(error)) this.broken = true;
      throw translateError(error);
    }
  }

  /** A scope lasts until another one comes; after an error nothing of the transaction counts any more. */
  #sendNow(query: DriverQuery, scope: Scope | undefined): Promise<QueryResult> {
    if (scope === undefined || scope === this.#scope) return this.#client.query(query);
    this.#scope = scope;
    return sendRescoped(this.#client, query, { scope, named: this.named });
  }

  prisma<T>(work: PrismaWork<T>, scope?: Scope): Promise<T> {
    return this.#pinned.prisma.use(work, scope);
  }

  /** Lets nothing more in and waits for what is under way. */
  async end(): Promise<void> {
    this.#open = false;
    this.#pinned.current = null;
    await this.#tail;
  }
}
