import {
  toPage,
  VersionConflictError,
  type InstallationId,
  type Page,
  type PageQuery,
  type Sync,
  type SyncFilter,
  type SyncId,
  type SyncRepository,
  type TenantId,
} from '@tenon/core';
import { assignments, columns } from './columns.js';
import { Conditions } from './conditions.js';
import type { Sync as SyncRow } from './generated/client.js';
import { pageClause } from './page.js';
import { prepared, type Session, type Statement } from './session.js';
import { areIds, fromJson, toJson } from './values.js';

const ROW = columns<SyncRow>('syncs', [
  'id',
  'tenantId',
  'installationId',
  'name',
  'direction',
  'state',
  'checkpoint',
  'watermark',
  'generation',
  'counts',
  'error',
  'lastRunId',
  'startedAt',
  'finishedAt',
  'createdAt',
  'updatedAt',
  'version',
]);

const FIXED: readonly string[] = [
  'id',
  'tenantId',
  'installationId',
  'name',
  'createdAt',
  'version',
];

const CHANGING = ROW.fields.filter((field) => !FIXED.includes(field));

// Writing the name that is there answers the row, also one that another process has just inserted.
const ENSURE = prepared(
  'syncs.ensure',
  `INSERT INTO syncs ${ROW.insert} ON CONFLICT (installation_id, name) DO UPDATE SET name = excluded.name
   WHERE syncs.tenant_id = excluded.tenant_id RETURNING ${ROW.list}`,
);

const FIND = prepared(
  'syncs.find',
  `SELECT ${ROW.list} FROM syncs WHERE id = $1 AND tenant_id = $2`,
);

const FIND_BY_NAME = prepared(
  'syncs.find_by_name',
  `SELECT ${ROW.list} FROM syncs WHERE installation_id = $1 AND name = $2 AND tenant_id = $3`,
);

const UPDATE = prepared(
  'syncs.update',
  `UPDATE syncs SET ${assignments(CHANGING, 4)}, version = version + 1
   WHERE id = $1 AND tenant_id = $2 AND version = $3 RETURNING ${ROW.list}`,
);

const toSync = (row: SyncRow): Sync =>
  ({ ...row, checkpoint: fromJson(row.checkpoint) }) as unknown as Sync;

function toRow(sync: Sync): SyncRow {
  return {
    ...sync,
    checkpoint: toJson(sync.checkpoint),
    counts: toJson(sync.counts),
    error: toJson(sync.error),
  };
}

export class PostgresqlSyncRepository implements SyncRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async #find(statement: Statement, values: readonly unknown[]): Promise<Sync | null> {
    const row = await this.#session.row<SyncRow>(statement, values);
    return row && toSync(row);
  }

  async ensure(sync: Sync): Promise<Sync> {
    const kept = await this.#find(ENSURE, ROW.values(toRow(sync)));
    if (!kept) throw new VersionConflictError('sync', sync.id);
    return kept;
  }

  async find(tenantId: TenantId, id: SyncId): Promise<Sync | null> {
    return areIds(tenantId, id) ? this.#find(FIND, [id, tenantId]) : null;
  }

  async findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Sync | null> {
    if (!areIds(tenantId, installationId)) return null;
    return this.#find(FIND_BY_NAME, [installationId, name, tenantId]);
  }

  async update(sync: Sync): Promise<Sync> {
    const { id, tenantId, version } = sync;
    if (!areIds(tenantId, id)) throw new VersionConflictError('sync', id);
    const row = toRow(sync);
    const values = [id, tenantId, version, ...CHANGING.map((field) => row[field])];
    const changed = await this.#find(UPDATE, values);
    if (!changed) throw new VersionConflictError('sync', id);
    return changed;
  }

  async list(tenantId: TenantId, filter: SyncFilter, page: PageQuery): Promise<Page<Sync>> {
    const { installationId, state } = filter;
    if (!areIds(tenantId, installationId)) return toPage<Sync>([], page.limit);
    const conditions = new Conditions()
      .equal('syncs.tenant_id', tenantId)
      .equal('syncs.installation_id', installationId)
      .equal('syncs.state', state);
    const text = `SELECT ${ROW.list} FROM syncs ${pageClause(conditions, 'syncs', page)}`;
    const rows = await this.#session.rows<SyncRow>({ text }, conditions.values);
    return toPage(rows.map(toSync), page.limit);
  }
}
