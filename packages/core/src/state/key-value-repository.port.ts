import type { StateEntry, StateScope } from './state-entry.js';

/** One write of a value. */
export interface StateWrite extends Pick<StateEntry, 'key' | 'value' | 'expiresAt'> {
  /** The time of the writer: decides what has expired. */
  readonly now: Date;
}

/** Which entries a scan answers. */
export interface StateScan {
  /** Keys that begin with it; `''` for all. Compared by code point, nothing in it is a pattern. */
  readonly prefix: string;
  /** The last key of the page before. */
  readonly afterKey: string | null;
  /** At most this many entries. */
  readonly limit: number;
  readonly now: Date;
}

/**
 * Key–value state of tenants. Every method is one atomic statement on one entry, or a read. Entries whose `expiresAt` is not
 * after `now` look like none, for reads, for conditions and for deletion.
 */
export interface KeyValueRepository {
  get(scope: StateScope, key: string, now: Date): Promise<StateEntry | null>;
  /** Those of `keys` that exist, each once, in any order. */
  getMany(scope: StateScope, keys: readonly string[], now: Date): Promise<readonly StateEntry[]>;
  /** Inserts or replaces, whatever is there. @throws ValidationError for what `checkStateWrite` refuses. */
  put(scope: StateScope, write: StateWrite): Promise<StateEntry>;
  /**
   * Writes if the entry has the version `expected`, or if there is none for `'absent'`. Null when that is not so: then nothing
   * was written. Of any number of writers that expect the same, one wins.
   * @throws ValidationError for what `checkStateWrite` refuses.
   */
  compareAndSet(
    scope: StateScope,
    write: StateWrite,
    expected: number | 'absent',
  ): Promise<StateEntry | null>;
  /** Answers whether there was an entry (with this version, if one is given) and it is gone. */
  delete(
    scope: StateScope,
    key: string,
    condition: { readonly now: Date; readonly version?: number },
  ): Promise<boolean>;
  /** In the order of keys by code point. */
  scan(scope: StateScope, scan: StateScan): Promise<readonly StateEntry[]>;
  /** Deletes entries of all tenants that expired before a moment; at most `limit`. Answers how many. */
  deleteExpired(before: Date, limit: number): Promise<number>;
}
