import { UniqueConflictError } from '@tenon/core';
import { copyOf } from './copy.js';
import type { Journal } from './journal.js';

/** What a table knows about its rows. */
export interface TableRules<Row> {
  /** What one row is, for messages. */
  readonly thing: string;
  readonly key: (row: Row) => string;
  /** Keys that no two rows share, by the name that errors give them; null is not compared. */
  readonly unique?: Readonly<Record<string, (row: Row) => string | null>>;
  /** Indexes for finding many rows. */
  readonly groups?: Readonly<Record<string, (row: Row) => string | null>>;
}

interface Index<Row, Entry> {
  readonly name: string;
  readonly of: (row: Row) => string | null;
  readonly entries: Map<string, Entry>;
}

/** Rows by key with their indexes. Rows that it answers are its own: copy them before handing them out. */
export class Table<Row extends object> {
  readonly #rows = new Map<string, Row>();
  readonly #unique: readonly Index<Row, string>[];
  readonly #groups: readonly Index<Row, Set<string>>[];

  constructor(
    private readonly rules: TableRules<Row>,
    private readonly journal: Journal,
  ) {
    const named = Object.entries(rules.unique ?? {});
    this.#unique = named.map(([name, of]) => ({ name, of, entries: new Map<string, string>() }));
    const groups = Object.entries(rules.groups ?? {});
    this.#groups = groups.map(([name, of]) => ({
      name,
      of,
      entries: new Map<string, Set<string>>(),
    }));
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** The row with the key of this one. */
  same(row: Row): Row | undefined {
    return this.#rows.get(this.rules.key(row));
  }

  all(): Iterable<Row> {
    return this.#rows.values();
  }

  /** The row with this value in a unique index. */
  by(index: string, value: string): Row | undefined {
    const key = this.#unique.find(({ name }) => name === index)?.entries.get(value);
    return key === undefined ? undefined : this.#rows.get(key);
  }

  /** The rows with this value in a group index. */
  *group(index: string, value: string): Iterable<Row> {
    const keys = this.#groups.find(({ name }) => name === index)?.entries.get(value) ?? [];
    for (const key of keys) {
      const row = this.#rows.get(key);
      if (row !== undefined) yield row;
    }
  }

  /** @throws UniqueConflictError naming `id` or the unique index. */
  insert(row: Row): void {
    if (this.#rows.has(this.rules.key(row))) throw new UniqueConflictError(this.rules.thing, 'id');
    this.put(row);
  }

  /** Inserts or replaces. @throws UniqueConflictError naming the unique index. */
  put(row: Row): void {
    const key = this.rules.key(row);
    for (const { name, of, entries } of this.#unique) {
      const value = of(row);
      const holder = value === null ? undefined : entries.get(value);
      if (holder !== undefined && holder !== key) {
        throw new UniqueConflictError(this.rules.thing, name);
      }
    }
    this.#change(key, copyOf(row));
  }

  /** Removes a row that it answered. */
  removeRow(row: Row): void {
    this.remove(this.rules.key(row));
  }

  remove(key: string): boolean {
    if (!this.#rows.has(key)) return false;
    this.#change(key, undefined);
    return true;
  }

  #change(key: string, next: Row | undefined): void {
    const before = this.#rows.get(key);
    this.#write(key, before, next);
    this.journal.record(() => {
      this.#write(key, next, before);
    });
  }

  #write(key: string, before: Row | undefined, next: Row | undefined): void {
    if (before) this.#unindex(key, before);
    if (next) this.#index(key, next);
    if (next) this.#rows.set(key, next);
    else this.#rows.delete(key);
  }

  #index(key: string, row: Row): void {
    for (const { of, entries } of this.#unique) {
      const value = of(row);
      if (value !== null) entries.set(value, key);
    }
    for (const { of, entries } of this.#groups) {
      const value = of(row);
      if (value === null) continue;
      const keys = entries.get(value);
      if (keys) keys.add(key);
      else entries.set(value, new Set([key]));
    }
  }

  #unindex(key: string, row: Row): void {
    for (const { of, entries } of this.#unique) {
      const value = of(row);
      if (value !== null) entries.delete(value);
    }
    for (const { of, entries } of this.#groups) {
      const value = of(row);
      const keys = value === null ? undefined : entries.get(value);
      keys?.delete(key);
      if (value !== null && keys?.size === 0) entries.delete(value);
    }
  }
}
