import type {
  RecordChange,
  RecordChanges,
  RecordPass,
  RecordRepository,
  RecordScope,
  SeenRecord,
  SyncRecord,
} from '@tenon/core';
import type { SyncRecord as RecordRow } from './generated/client.js';
import {
  DELETE_RECORDS,
  FIND_RECORDS,
  LIST_RECORDS,
  LIST_RECORDS_AFTER,
  MARK_DELETED,
  MARK_UNSEEN,
  MARK_UNSEEN_AFTER,
  UPSERT_RECORDS,
} from './record.sql.js';
import { rowCount } from './row-count.js';
import type { Session, Statement } from './session.js';
import { areIds } from './values.js';

interface Written {
  readonly externalId: string;
  readonly change: RecordChange;
}

/** One row per id, the last wins. */
function distinct(rows: readonly SeenRecord[]): readonly SeenRecord[] {
  return [...new Map(rows.map((row) => [row.externalId, row])).values()];
}

const keyOf = (scope: RecordScope): readonly unknown[] => [
  scope.syncId,
  scope.side,
  scope.installationId,
  scope.tenantId,
];

const hasIds = ({ syncId, installationId, tenantId }: RecordScope): boolean =>
  areIds(syncId, installationId, tenantId);

export class PostgresqlRecordRepository implements RecordRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async upsertMany(
    scope: RecordScope,
    rows: readonly SeenRecord[],
    { generation, at }: RecordPass,
  ): Promise<RecordChanges> {
    const given = distinct(rows);
    const written =
      given.length === 0
        ? []
        : await this.#session.rows<Written>(UPSERT_RECORDS, [
            ...keyOf(scope),
            generation,
            at,
            given.map((row) => row.externalId),
            given.map((row) => row.hash),
            given.map((row) => row.revision),
            given.map((row) => row.pairId),
          ]);
    const ids = (change: RecordChange): string[] =>
      written.filter((row) => row.change === change).map((row) => row.externalId);
    return { created: ids('new'), changed: ids('changed'), unchanged: ids('unchanged') };
  }

  async #rows(statement: Statement, values: readonly unknown[]): Promise<readonly SyncRecord[]> {
    return (await this.#session.rows<RecordRow>(statement, values)) as unknown as SyncRecord[];
  }

  async findMany(
    scope: RecordScope,
    externalIds: readonly string[],
  ): Promise<readonly SyncRecord[]> {
    if (!hasIds(scope) || externalIds.length === 0) return [];
    return this.#rows(FIND_RECORDS, [...keyOf(scope), externalIds]);
  }

  async list(
    scope: RecordScope,
    afterExternalId: string | null,
    limit: number,
  ): Promise<readonly SyncRecord[]> {
    if (!hasIds(scope)) return [];
    const values = [...keyOf(scope), limit];
    return afterExternalId === null
      ? this.#rows(LIST_RECORDS, values)
      : this.#rows(LIST_RECORDS_AFTER, [...values, afterExternalId]);
  }

  async markDeleted(
    scope: RecordScope,
    externalIds: readonly string[],
    at: Date,
  ): Promise<readonly string[]> {
    if (!hasIds(scope) || externalIds.length === 0) return [];
    const values = [...keyOf(scope), externalIds, at];
    const rows = await this.#session.rows<{ readonly externalId: string }>(MARK_DELETED, values);
    return rows.map(({ externalId }) => externalId);
  }

  async markUnseenDeleted(
    scope: RecordScope,
    pass: RecordPass,
    { after, limit }: { readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly deleted: readonly string[]; readonly next: string | null }> {
    if (!hasIds(scope)) return { deleted: [], next: null };
    const values = [...keyOf(scope), pass.generation, pass.at, limit];
    const step = await this.#session.row<{ deleted: string[]; last: string; looked: number }>(
      after === null ? MARK_UNSEEN : MARK_UNSEEN_AFTER,
      after === null ? values : [...values, after],
    );
    if (!step) return { deleted: [], next: null };
    return { deleted: step.deleted, next: step.looked < limit ? null : step.last };
  }

  async count(scope: RecordScope): Promise<number> {
    if (!hasIds(scope)) return 0;
    const { tenantId, installationId, syncId, side } = scope;
    return rowCount(this.#session, { tenantId, installationId, name: `records:${syncId}:${side}` });
  }

  async deleteMany(scope: RecordScope, externalIds: readonly string[]): Promise<number> {
    if (!hasIds(scope) || externalIds.length === 0) return 0;
    return this.#session.run(DELETE_RECORDS, [...keyOf(scope), externalIds]);
  }
}
