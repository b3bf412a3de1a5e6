import type { QueryResult } from 'pg';
import type { Scope } from './row-security/scope.js';
import type { DriverQuery, PrismaWork, Session, Statement } from './session.js';

/** What all kinds of session share: statements over one way of sending queries. */
export abstract class BaseSession implements Session {
  /** Whether statements keep their names, and connections their plans. */
  readonly named: boolean;

  constructor(options: { readonly preparedStatements: boolean }) {
    this.named = options.preparedStatements;
  }

  /** Sends one query; with row-level security, in a scope. */
  abstract send(query: DriverQuery, scope?: Scope): Promise<QueryResult>;
  abstract prisma<T>(work: PrismaWork<T>, scope?: Scope): Promise<T>;

  /** The same session with everything in one scope. */
  within(scope: Scope): BaseSession {
    return new ScopedSession(this, scope);
  }

  #execute({ name, text }: Statement, values: readonly unknown[]): Promise<QueryResult> {
    const query = { text, values: values as unknown[] };
    return this.send(this.named && name !== undefined ? { name, ...query } : query);
  }

  async rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return (await this.#execute(statement, values)).rows as Row[];
  }

  async row<Row>(statement: Statement, values: readonly unknown[]): Promise<Row | null> {
    return ((await this.#execute(statement, values)).rows[0] as Row | undefined) ?? null;
  }

  async run(statement: Statement, values: readonly unknown[]): Promise<number> {
    return (await this.#execute(statement, values)).rowCount ?? 0;
  }
}

/** A session whose every query is seen in one scope. */
class ScopedSession extends BaseSession {
  readonly #session: BaseSession;
  readonly #scope: Scope;

  constructor(session: BaseSession, scope: Scope) {
    super({ preparedStatements: session.named });
    this.#session = session;
    this.#scope = scope;
  }

  send(query: DriverQuery): Promise<QueryResult> {
    return this.#session.send(query, this.#scope);
  }

  prisma<T>(work: PrismaWork<T>): Promise<T> {
    return this.#session.prisma(work, this.#scope);
  }
}
