import type { Filter as MongoFilter } from 'mongodb';
import type { StoredDocument } from './document.js';
import type { Filter } from './filter.js';
import type { Scope } from './scope.js';
import type { Session } from './session.js';

/** How to read a list. */
export interface ListOptions {
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly limit?: number;
}

/** A row as a repository reads it: fields of the catalogue. */
export type Row = Record<string, unknown>;

/** Statements that read, within a scope. */
export class ScopedReads {
  protected readonly session: Session;
  protected readonly scope: Scope;

  constructor(session: Session, scope: Scope) {
    this.session = session;
    this.scope = scope;
  }

  async #documents(
    filter: Filter,
    more: ListOptions & { readonly projection?: Readonly<Record<string, 1>> },
  ): Promise<StoredDocument[]> {
    const where = this.scope.filter(filter) as MongoFilter<StoredDocument>;
    const { sort, limit, projection } = more;
    return this.session.read(this.scope.table, (collection, options) => {
      const cursor = collection.find(where, { ...options, ...(projection && { projection }) });
      if (sort) cursor.sort({ ...sort });
      // One batch, and one row of room, so that the server closes the cursor with its first answer.
      if (limit !== undefined) cursor.limit(limit).batchSize(limit + 1);
      return cursor.toArray();
    });
  }

  async find(filter: Filter, options: ListOptions = {}): Promise<Row[]> {
    const documents = await this.#documents(filter, options);
    return documents.map((document) => this.scope.codec.row(document));
  }

  async findOne(filter: Filter): Promise<Row | null> {
    const where = this.scope.filter(filter) as MongoFilter<StoredDocument>;
    const document = await this.session.read(this.scope.table, (collection, options) =>
      collection.findOne(where, options),
    );
    return document && this.scope.codec.row(document);
  }

  /** The `_id`s of rows that match. */
  async findIds(filter: Filter, options: ListOptions = {}): Promise<string[]> {
    const documents = await this.#documents(filter, { ...options, projection: { _id: 1 } });
    return documents.map(({ _id }) => _id);
  }

  async count(filter: Filter): Promise<number> {
    const where = this.scope.filter(filter) as MongoFilter<StoredDocument>;
    return this.session.read(this.scope.table, (collection, options) =>
      collection.countDocuments(where, options),
    );
  }

  /** Runs stages behind the rows that match. */
  async aggregate<T>(filter: Filter, stages: readonly object[]): Promise<T[]> {
    const pipeline = [{ $match: this.scope.filter(filter) }, ...stages];
    return this.session.read(this.scope.table, async (collection, options) => {
      const found = await collection.aggregate(pipeline, options).toArray();
      return found as T[];
    });
  }
}
