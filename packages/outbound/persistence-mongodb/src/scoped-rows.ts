import type { AnyBulkWriteOperation, Filter as MongoFilter, UpdateFilter } from 'mongodb';
import {
  compileChange,
  withMark,
  type Change,
  type Computed,
  type DriverUpdate,
  type Fields,
} from './change.js';
import type { StoredDocument } from './document.js';
import { among, type DriverFilter, type Filter } from './filter.js';
import { ScopedReads, type ListOptions, type Row } from './scoped-reads.js';
import type { Touched } from './session.js';

/** One row of a bulk statement. */
export interface BulkChange {
  readonly id: string;
  /** Besides the id; null also inserts. */
  readonly filter: Filter | null;
  readonly change: Change;
}

/** One row that is found by a unique key other than its id. */
export interface KeyedRow {
  readonly filter: Filter;
  /** What it changes when it is there. */
  readonly set: Fields;
  /** The whole row when it is not. */
  readonly row: object;
}

const forDriver = (filter: DriverFilter): MongoFilter<StoredDocument> => filter;

const updateForDriver = (update: DriverUpdate): UpdateFilter<StoredDocument> => update;

const isEmpty = (value: unknown): boolean => Object.keys(value as object).length === 0;

/** Statements that read and write, within a scope. All statements on rows go through here. */
export class ScopedRows extends ScopedReads {
  /** Whether a statement that the server refuses ends the transaction that is open. */
  get inTransaction(): boolean {
    return this.session.inTransaction;
  }

  /** @throws UniqueConflictError. */
  async insert(row: object): Promise<void> {
    await this.insertMany([row]);
  }

  /** @throws UniqueConflictError. */
  async insertMany(rows: readonly object[]): Promise<void> {
    for (const row of rows) this.scope.check(row);
    const plain = rows.map((row) => this.scope.codec.document(row));
    const ids = plain.map(({ _id }) => _id);
    const touched = { filter: { _id: { $in: ids } }, ids };
    await this.session.write(this.scope.table, touched, async (collection, options, { mark }) => {
      const documents = plain.map((document) => ({ ...document, ...mark }));
      const [first] = documents;
      if (documents.length === 1 && first) await collection.insertOne(first, options);
      else await collection.insertMany(documents, options);
    });
  }

  /** Inserts the row unless one matches. Whether it did. @throws UniqueConflictError. */
  async insertUnless(filter: Filter, row: object): Promise<boolean> {
    this.scope.check(row);
    const compiled = this.scope.filter(filter);
    const document = this.scope.codec.document(row);
    // What the filter says goes into the new document by itself.
    const others = Object.entries(document).filter(([name]) => !(name in compiled));
    const touched = { filter: compiled, ids: [document._id] };
    return this.session.write(this.scope.table, touched, async (collection, options, { mark }) => {
      const update = updateForDriver({ $setOnInsert: { ...Object.fromEntries(others), ...mark } });
      const more = { ...options, upsert: true };
      return (await collection.updateOne(forDriver(compiled), update, more)).upsertedCount > 0;
    });
  }

  /** How many rows matched. */
  async updateMany(filter: Filter, change: Change): Promise<number> {
    const compiled = this.scope.filter(filter);
    const update = compileChange(change, this.scope.changedName);
    const touched = { filter: compiled };
    return this.session.write(this.scope.table, touched, async (collection, options, { mark }) => {
      const marked = updateForDriver(withMark(update, mark));
      return (await collection.updateMany(forDriver(compiled), marked, options)).matchedCount;
    });
  }

  /** Whether a row matched. */
  async update(filter: Filter, change: Change): Promise<boolean> {
    const compiled = this.scope.filter(filter);
    const update = compileChange(change, this.scope.changedName);
    const touched = { filter: compiled, single: true };
    return this.session.write(this.scope.table, touched, async (collection, options, traces) => {
      const where = forDriver({ ...compiled, ...traces.guard });
      const marked = updateForDriver(withMark(update, traces.mark));
      return (await collection.updateOne(where, marked, options)).matchedCount > 0;
    });
  }

  /** Changes one row and answers it as it is after that. Null when none matched. */
  async change(filter: Filter, change: Change | Computed): Promise<Row | null> {
    const update = compileChange(change, this.scope.changedName);
    const how = { returnDocument: 'after', upsert: false } as const;
    return this.#modify({ filter: this.scope.filter(filter), single: true }, update, how);
  }

  /** Changes the row with this `_id`, or inserts it; answers it as it was before. */
  async exchange(id: string, change: Computed): Promise<Row | null> {
    const stages = compileChange(change, this.scope.changedName) as Record<string, unknown>[];
    const stamped = [{ $set: this.scope.stamp }, ...stages];
    const update = stamped.filter(({ $set }) => !isEmpty($set));
    const how = { returnDocument: 'before', upsert: true } as const;
    return this.#modify({ filter: this.scope.keyed(id), ids: [id] }, update, how);
  }

  async #modify(
    touched: Touched,
    change: DriverUpdate,
    how: { readonly returnDocument: 'before' | 'after'; readonly upsert: boolean },
  ): Promise<Row | null> {
    const document = await this.session.write(
      this.scope.table,
      touched,
      (collection, options, { guard, mark }) => {
        const where = forDriver({ ...touched.filter, ...guard });
        const update = updateForDriver(withMark(change, mark));
        return collection.findOneAndUpdate(where, update, { ...options, ...how });
      },
    );
    return document && this.scope.codec.row(document);
  }

  /** Deletes one row and answers it. */
  async take(filter: Filter): Promise<Row | null> {
    const compiled = this.scope.filter(filter);
    const document = await this.session.write(
      this.scope.table,
      { filter: compiled },
      (collection, options) => collection.findOneAndDelete(forDriver(compiled), options),
    );
    return document && this.scope.codec.row(document);
  }

  /** How many rows were deleted. */
  async delete(filter: Filter): Promise<number> {
    const compiled = this.scope.filter(filter);
    const touched = { filter: compiled };
    return this.session.write(this.scope.table, touched, async (collection, options) => {
      return (await collection.deleteMany(forDriver(compiled), options)).deletedCount;
    });
  }

  /** Deletes at most `limit` rows, in the order of `sort`. How many. */
  async deleteSome(filter: Filter, options: ListOptions): Promise<number> {
    const ids = await this.findIds(filter, options);
    return ids.length === 0 ? 0 : this.delete({ ...filter, _id: among(ids) });
  }

  /**
   * Inserts or changes many rows, each found by a unique key; `all` matches those of them that are there. How many.
   * @throws UniqueConflictError.
   */
  async upsertKeyed(rows: readonly KeyedRow[], all: Filter): Promise<number> {
    const { scope } = this;
    const statements = rows.map(({ filter, set, row }) => {
      scope.check(row);
      const where = scope.filter(filter);
      const document = scope.codec.document(row);
      const others = Object.entries(document).filter(
        ([name]) => !(name in where) && !(name in set),
      );
      const onInsert = Object.fromEntries(others);
      const update = compileChange({ set }, scope.changedName) as Record<string, unknown>;
      return { id: document._id, where, update: { ...update, $setOnInsert: onInsert } };
    });
    const ids = statements.map(({ id }) => id);
    const touched = { filter: scope.filter(all), ids };
    return this.session.write(scope.table, touched, async (collection, options, { mark }) => {
      const operations = statements.map(
        ({ where, update }): AnyBulkWriteOperation<StoredDocument> => ({
          updateOne: {
            filter: forDriver(where),
            update: updateForDriver(withMark(update, mark)),
            upsert: true,
          },
        }),
      );
      await collection.bulkWrite(operations, { ...options, ordered: false });
      return rows.length;
    });
  }

  /** Changes many rows, each in its way, in one statement. Answers the `_id`s that were inserted, and how many matched. */
  async bulk(
    changes: readonly BulkChange[],
  ): Promise<{ readonly inserted: ReadonlySet<string>; readonly matched: number }> {
    // The driver refuses to send nothing.
    if (changes.length === 0) return { inserted: new Set(), matched: 0 };
    const { scope } = this;
    const statements = changes.map(({ id, filter, change }) => {
      const update = compileChange(change, scope.changedName) as Record<string, object>;
      if (filter !== null) return { where: { ...scope.filter(filter), _id: id }, update };
      const onInsert = { ...update['$setOnInsert'], ...scope.stamp };
      return {
        where: scope.keyed(id),
        update: { ...update, $setOnInsert: onInsert },
        upsert: true,
      };
    });
    const ids = changes.map(({ id }) => id);
    const touched = { filter: { _id: { $in: ids } }, ids };
    return this.session.write(scope.table, touched, async (collection, options, { mark }) => {
      const operations = statements.map(
        ({ where, update, upsert = false }): AnyBulkWriteOperation<StoredDocument> => ({
          updateOne: {
            filter: forDriver(where),
            update: updateForDriver(withMark(update, mark)),
            upsert,
          },
        }),
      );
      const result = await collection.bulkWrite(operations, { ...options, ordered: false });
      const inserted = Object.keys(result.upsertedIds).map((index) => ids[Number(index)] ?? '');
      return { inserted: new Set(inserted), matched: result.matchedCount };
    });
  }
}
