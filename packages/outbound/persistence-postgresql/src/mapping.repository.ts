import type { Mapping, MappingRepository, MappingScope } from '@tenon/core';
import { columns } from './columns.js';
import type { Mapping as MappingRow } from './generated/client.js';
import { rowCount } from './row-count.js';
import { prepared, type Session } from './session.js';
import { areIds, fromJson, toJson } from './values.js';

const ROW = columns<MappingRow>('mappings', [
  'tenantId',
  'installationId',
  'kind',
  'sourceId',
  'targetId',
  'hash',
  'state',
  'updatedAt',
]);

const IN_SCOPE = 'mappings.installation_id = $1 AND mappings.kind = $2 AND mappings.tenant_id = $3';

// Here and in deletion rows are locked in one order, that of their ids, so that two writers do not wait for each other.
const UPSERT_MANY = prepared(
  'mappings.upsert_many',
  `INSERT INTO mappings (installation_id, kind, tenant_id, updated_at, source_id, target_id, hash, state)
   SELECT $1, $2, $3, $4, source_id, target_id, hash, state::jsonb
   FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS given (source_id, target_id, hash, state)
   ORDER BY source_id COLLATE "C"
   ON CONFLICT (installation_id, kind, source_id) DO UPDATE
   SET target_id = excluded.target_id, hash = excluded.hash, state = excluded.state, updated_at = excluded.updated_at
   WHERE mappings.tenant_id = excluded.tenant_id`,
);

const FIND_MANY = prepared(
  'mappings.find_many',
  `SELECT ${ROW.list} FROM mappings WHERE ${IN_SCOPE} AND source_id = ANY ($4::varchar[])`,
);

const FIND_BY_TARGET = prepared(
  'mappings.find_by_target',
  `SELECT ${ROW.list} FROM mappings WHERE ${IN_SCOPE} AND target_id = $4 ORDER BY source_id`,
);

const LIST = prepared(
  'mappings.list',
  `SELECT ${ROW.list} FROM mappings WHERE ${IN_SCOPE} ORDER BY source_id LIMIT $4`,
);

const LIST_AFTER = prepared(
  'mappings.list_after',
  `SELECT ${ROW.list} FROM mappings WHERE ${IN_SCOPE} AND source_id > $5 ORDER BY source_id LIMIT $4`,
);

const DELETE_MANY = prepared(
  'mappings.delete_many',
  `WITH locked AS MATERIALIZED (
     SELECT source_id FROM mappings WHERE ${IN_SCOPE} AND source_id = ANY ($4::varchar[]) ORDER BY source_id FOR UPDATE)
   DELETE FROM mappings WHERE ${IN_SCOPE} AND source_id = ANY (ARRAY(SELECT source_id FROM locked))`,
);

type Upsert = Pick<Mapping, 'sourceId' | 'targetId' | 'hash' | 'state'>;

/** One row per key, the last wins. */
function distinct(rows: readonly Upsert[]): readonly Upsert[] {
  return [...new Map(rows.map((row) => [row.sourceId, row])).values()];
}

const toMapping = (row: MappingRow): Mapping =>
  ({ ...row, state: fromJson(row.state) }) as unknown as Mapping;

const keyOf = (scope: MappingScope): readonly unknown[] => [
  scope.installationId,
  scope.kind,
  scope.tenantId,
];

const hasIds = (scope: MappingScope): boolean => areIds(scope.installationId, scope.tenantId);

export class PostgresqlMappingRepository implements MappingRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async upsertMany(scope: MappingScope, rows: readonly Upsert[], at: Date): Promise<number> {
    if (rows.length === 0) return 0;
    const given = distinct(rows);
    return this.#session.run(UPSERT_MANY, [
      ...keyOf(scope),
      at,
      given.map((row) => row.sourceId),
      given.map((row) => row.targetId),
      given.map((row) => row.hash),
      given.map((row) => toJson(row.state)),
    ]);
  }

  async findMany(scope: MappingScope, sourceIds: readonly string[]): Promise<readonly Mapping[]> {
    if (!hasIds(scope) || sourceIds.length === 0) return [];
    const values = [...keyOf(scope), sourceIds];
    return (await this.#session.rows<MappingRow>(FIND_MANY, values)).map(toMapping);
  }

  async findByTarget(scope: MappingScope, targetId: string): Promise<readonly Mapping[]> {
    if (!hasIds(scope)) return [];
    const values = [...keyOf(scope), targetId];
    return (await this.#session.rows<MappingRow>(FIND_BY_TARGET, values)).map(toMapping);
  }

  async list(
    scope: MappingScope,
    afterSourceId: string | null,
    limit: number,
  ): Promise<readonly Mapping[]> {
    if (!hasIds(scope)) return [];
    const values = [...keyOf(scope), limit];
    const rows =
      afterSourceId === null
        ? await this.#session.rows<MappingRow>(LIST, values)
        : await this.#session.rows<MappingRow>(LIST_AFTER, [...values, afterSourceId]);
    return rows.map(toMapping);
  }

  async count(scope: MappingScope): Promise<number> {
    if (!hasIds(scope)) return 0;
    const { tenantId, installationId, kind } = scope;
    return rowCount(this.#session, { tenantId, installationId, name: `mappings:${kind}` });
  }

  async deleteMany(scope: MappingScope, sourceIds: readonly string[]): Promise<number> {
    if (!hasIds(scope) || sourceIds.length === 0) return 0;
    return this.#session.run(DELETE_MANY, [...keyOf(scope), sourceIds]);
  }
}
