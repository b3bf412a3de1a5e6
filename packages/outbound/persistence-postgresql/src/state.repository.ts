import {
  checkStateWrite,
  prefixEnd,
  type KeyValueRepository,
  type StateEntry,
  type StateScan,
  type StateScope,
  type StateWrite,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import { prepared, type Session } from './session.js';
import { areIds, fromJson, toJson } from './values.js';

const ROW = columns<StateEntry>(
  'states',
  ['tenantId', 'namespace', 'key', 'value', 'version', 'expiresAt', 'updatedAt'],
  ['version'],
);

const IN_SCOPE = 'tenant_id = $1 AND namespace = $2';
const alive = (now: string): string => `(states.expires_at IS NULL OR states.expires_at > ${now})`;

const GET = prepared(
  'states.get',
  `SELECT ${ROW.list} FROM states WHERE ${IN_SCOPE} AND key = $3 AND ${alive('$4')}`,
);

const GET_MANY = prepared(
  'states.get_many',
  `SELECT ${ROW.list} FROM states WHERE ${IN_SCOPE} AND key = ANY ($3::varchar[]) AND ${alive('$4')}`,
);

const VALUES = `value = $4::jsonb, expires_at = $5, updated_at = $6, version = greatest(states.version + 1, $7::bigint)`;

const INSERT = `INSERT INTO states (tenant_id, namespace, key, value, expires_at, updated_at, version)
   VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7::bigint)
   ON CONFLICT (tenant_id, namespace, key) DO UPDATE SET ${VALUES}`;

const PUT = prepared('states.put', `${INSERT} RETURNING ${ROW.list}`);

const PUT_ABSENT = prepared(
  'states.put_absent',
  `${INSERT} WHERE NOT ${alive('$6')} RETURNING ${ROW.list}`,
);

const PUT_VERSION = prepared(
  'states.put_version',
  `UPDATE states SET ${VALUES} WHERE ${IN_SCOPE} AND key = $3 AND version = $8::bigint AND ${alive('$6')}
   RETURNING ${ROW.list}`,
);

const DELETE = prepared(
  'states.delete',
  `DELETE FROM states WHERE ${IN_SCOPE} AND key = $3 AND ${alive('$4')} AND version = coalesce($5::bigint, version)`,
);

const DELETE_EXPIRED = prepared(
  'states.delete_expired',
  `DELETE FROM states WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM states WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
);

const toEntry = (row: StateEntry): StateEntry => ({ ...row, value: fromJson(row.value) });

const writeValues = (scope: StateScope, write: StateWrite): unknown[] => [
  ...[scope.tenantId, scope.namespace, write.key, toJson(write.value)],
  ...[write.expiresAt, write.now, write.now.getTime()],
];

export class PostgresqlKeyValueRepository implements KeyValueRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async get(scope: StateScope, key: string, now: Date): Promise<StateEntry | null> {
    const { tenantId, namespace } = scope;
    if (!areIds(tenantId)) return null;
    const row = await this.#session.row<StateEntry>(GET, [tenantId, namespace, key, now]);
    return row && toEntry(row);
  }

  async getMany(
    scope: StateScope,
    keys: readonly string[],
    now: Date,
  ): Promise<readonly StateEntry[]> {
    const { tenantId, namespace } = scope;
    if (!areIds(tenantId) || keys.length === 0) return [];
    const rows = await this.#session.rows<StateEntry>(GET_MANY, [tenantId, namespace, keys, now]);
    return rows.map(toEntry);
  }

  async put(scope: StateScope, write: StateWrite): Promise<StateEntry> {
    checkStateWrite(scope, write);
    const [row] = (await this.#session.rows(PUT, writeValues(scope, write))) as [StateEntry];
    return toEntry(row);
  }

  async compareAndSet(
    scope: StateScope,
    write: StateWrite,
    expected: number | 'absent',
  ): Promise<StateEntry | null> {
    checkStateWrite(scope, write);
    if (!areIds(scope.tenantId)) return null;
    const values = writeValues(scope, write);
    const row =
      expected === 'absent'
        ? await this.#session.row<StateEntry>(PUT_ABSENT, values)
        : await this.#session.row<StateEntry>(PUT_VERSION, [...values, expected]);
    return row && toEntry(row);
  }

  async delete(
    scope: StateScope,
    key: string,
    condition: { readonly now: Date; readonly version?: number },
  ): Promise<boolean> {
    const { tenantId, namespace } = scope;
    if (!areIds(tenantId)) return false;
    const values = [tenantId, namespace, key, condition.now, condition.version ?? null];
    return (await this.#session.run(DELETE, values)) > 0;
  }

  async scan(scope: StateScope, scan: StateScan): Promise<readonly StateEntry[]> {
    if (!areIds(scope.tenantId)) return [];
    const end = prefixEnd(scan.prefix);
    const conditions = new Conditions()
      .equal('tenant_id', scope.tenantId)
      .equal('namespace', scope.namespace);
    conditions.add(alive(conditions.place(scan.now)));
    conditions.add(`key >= ${conditions.place(scan.prefix)}`);
    if (end !== null) conditions.add(`key < ${conditions.place(end)}`);
    if (scan.afterKey !== null) conditions.add(`key > ${conditions.place(scan.afterKey)}`);
    const limit = conditions.place(scan.limit);
    const text = `SELECT ${ROW.list} FROM states ${conditions.where} ORDER BY key LIMIT ${limit}`;
    return (await this.#session.rows<StateEntry>({ text }, conditions.values)).map(toEntry);
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    return this.#session.run(DELETE_EXPIRED, [before, limit]);
  }
}
