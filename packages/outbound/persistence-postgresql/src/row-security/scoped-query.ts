import pg from 'pg';
import type { QueryResult, Submittable } from 'pg';
import type { DriverQuery } from '../session.js';
import { SCOPE_STATEMENT, scopeValues, type Scope } from './scope.js';

/** The driver's side of a connection: messages of the extended protocol. */
interface Wire {
  bind(message: { readonly statement: string; readonly values: readonly unknown[] }): void;
  execute(message: object): void;
}

type Callback = (error: Error | null | undefined, result: QueryResult) => void;

/** What the driver's own queries consist of, beyond what its types say. */
interface DriverQueryParts extends Submittable {
  requiresPreparation(): boolean;
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
}

const DriverQueryClass = pg.Query as unknown as new (
  query: DriverQuery,
  values: undefined,
  callback: Callback,
) => DriverQueryParts;

/**
 * Sets the scope and runs a query in one flight of messages: up to `Sync` they are one transaction, so the setting holds for
 * the query and for nothing after it, at the cost of no round trip. The connection must know {@link SCOPE_STATEMENT}.
 */
export class ScopedQuery extends DriverQueryClass {
  readonly #scope: Scope;
  #scoped = false;

  constructor(query: DriverQuery, scope: Scope, callback: Callback) {
    super({ ...query }, undefined, callback);
    this.#scope = scope;
  }

  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: Wire): void {
    connection.bind({ statement: SCOPE_STATEMENT, values: scopeValues(this.#scope) });
    connection.execute({});
    super.prepare(connection);
  }

  // The first answer is that of the setting.
  override handleDataRow(message: unknown): void {
    if (this.#scoped) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.#scoped) super.handleCommandComplete(message, connection);
    this.#scoped = true;
  }
}
