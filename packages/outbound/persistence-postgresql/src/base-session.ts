import type { QueryResult } from 'pg';
import type { DriverQuery, PrismaWork, Session, Statement } from './session.js';

/** What both kinds of session share: statements over one way of sending queries. */
export abstract class BaseSession implements Session {
  readonly #named: boolean;

  constructor(options: { readonly preparedStatements: boolean }) {
    this.#named = options.preparedStatements;
  }

  abstract send(query: DriverQuery): Promise<QueryResult>;
  abstract prisma<T>(work: PrismaWork<T>): Promise<T>;

  #execute({ name, text }: Statement, values: readonly unknown[]): Promise<QueryResult> {
    const query = { text, values: values as unknown[] };
    return this.send(this.#named && name !== undefined ? { name, ...query } : query);
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
