import {
  checkStateWrite,
  prefixEnd as prefixEndOf,
  type KeyValueRepository,
  type StateEntry,
  type StateScan,
  type StateScope,
  type StateWrite,
} from '@tenon/core';
import { Computed, literal } from './change.js';
import { keyPrefix, prefixEnd } from './document.js';
import { above, afterWithin, among, below, between, type Filter } from './filter.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

const alive = (now: Date): Filter => ({ any: [{ expiresAt: null }, { expiresAt: above(now) }] });

const isAlive = (entry: StateEntry, now: Date): boolean =>
  entry.expiresAt === null || entry.expiresAt > now;

const nextVersion = (before: StateEntry | null, now: Date): number =>
  Math.max((before?.version ?? 0) + 1, now.getTime());

/** Whether there is no entry, or one that has expired. */
function isFree(now: Date): object {
  const none = literal(null);
  const expiresAt = { $ifNull: ['$expiresAt', none] };
  return {
    $or: [
      { $eq: [{ $ifNull: ['$version', none] }, none] },
      { $and: [{ $ne: [expiresAt, none] }, { $lte: [expiresAt, literal(now)] }] },
    ],
  };
}

/** Writes where `condition` holds of the entry that is there, or of none. */
function writing(scope: StateScope, write: StateWrite, condition: unknown): Computed {
  const { key, value, expiresAt, now } = write;
  const text = value === null ? null : JSON.stringify(value);
  const version = {
    $max: [{ $add: [{ $ifNull: ['$version', 0] }, 1] }, literal(now.getTime())],
  };
  const when = (written: unknown, field: string): unknown => ({
    $cond: [condition, written, `$${field}`],
  });
  return new Computed([
    {
      namespace: literal(scope.namespace),
      key: literal(key),
      value: when(literal(text), 'value'),
      version: when(version, 'version'),
      expiresAt: when(literal(expiresAt), 'expiresAt'),
      updatedAt: when(literal(now), 'updatedAt'),
    },
  ]);
}

export class MongodbKeyValueRepository implements KeyValueRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'states');
  }

  async get(scope: StateScope, key: string, now: Date): Promise<StateEntry | null> {
    if (!areIds(scope.tenantId)) return null;
    const filter = { _id: this.#rows.codec.idOf({ ...scope, key }), ...alive(now) };
    return (await this.#rows.of(scope.tenantId).findOne(filter)) as StateEntry | null;
  }

  async getMany(
    scope: StateScope,
    keys: readonly string[],
    now: Date,
  ): Promise<readonly StateEntry[]> {
    if (!areIds(scope.tenantId) || keys.length === 0) return [];
    const ids = [...new Set(keys)].map((key) => this.#rows.codec.idOf({ ...scope, key }));
    const filter = { _id: among(ids), ...alive(now) };
    return (await this.#rows.of(scope.tenantId).find(filter)) as unknown as StateEntry[];
  }

  async #exchange(
    scope: StateScope,
    write: StateWrite,
    condition: unknown,
  ): Promise<StateEntry | null> {
    const id = this.#rows.codec.idOf({ ...scope, key: write.key });
    const change = writing(scope, write, condition);
    return (await this.#rows.of(scope.tenantId).exchange(id, change)) as StateEntry | null;
  }

  async put(scope: StateScope, write: StateWrite): Promise<StateEntry> {
    checkStateWrite(scope, write);
    const before = await this.#exchange(scope, write, literal(true));
    return written(scope, write, nextVersion(before, write.now));
  }

  async compareAndSet(
    scope: StateScope,
    write: StateWrite,
    expected: number | 'absent',
  ): Promise<StateEntry | null> {
    checkStateWrite(scope, write);
    const { tenantId } = scope;
    const { key, value, expiresAt, now } = write;
    if (!areIds(tenantId)) return null;
    if (expected === 'absent') {
      const before = await this.#exchange(scope, write, isFree(now));
      if (before && isAlive(before, now)) return null;
      return written(scope, write, nextVersion(before, now));
    }
    const version = Math.max(expected + 1, now.getTime());
    const set = this.#rows.codec.stored({ value, expiresAt, updatedAt: now, version });
    const id = this.#rows.codec.idOf({ ...scope, key });
    const filter = { _id: id, version: expected, ...alive(now) };
    const done = await this.#rows.of(tenantId).update(filter, { set });
    return done ? written(scope, write, version) : null;
  }

  async delete(
    scope: StateScope,
    key: string,
    condition: { readonly now: Date; readonly version?: number },
  ): Promise<boolean> {
    if (!areIds(scope.tenantId)) return false;
    const { now, version } = condition;
    const filter = { _id: this.#rows.codec.idOf({ ...scope, key }), version, ...alive(now) };
    return (await this.#rows.of(scope.tenantId).delete(filter)) > 0;
  }

  async scan(scope: StateScope, scan: StateScan): Promise<readonly StateEntry[]> {
    const { tenantId, namespace } = scope;
    if (!areIds(tenantId)) return [];
    const { prefix, afterKey, limit, now } = scan;
    const base = keyPrefix([tenantId, namespace]);
    const last = prefixEndOf(prefix);
    const end = last === null ? prefixEnd(base) : base + last;
    const first = base + prefix;
    const range =
      afterKey === null ? between(first, end) : afterWithin(base + afterKey, first, end);
    const filter = { _id: range, ...alive(now) };
    const order = { sort: { _id: 1 }, limit } as const;
    const rows = await this.#rows.of(tenantId).find(filter, order);
    return rows as unknown as StateEntry[];
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    const order = { sort: { expiresAt: 1 }, limit } as const;
    return this.#rows.acrossTenants().deleteSome({ expiresAt: below(before) }, order);
  }
}

function written(scope: StateScope, write: StateWrite, version: number): StateEntry {
  const { tenantId, namespace } = scope;
  const { key, value, expiresAt, now } = write;
  return { tenantId, namespace, key, value, version, expiresAt, updatedAt: now };
}
