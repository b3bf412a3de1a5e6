import {
  toPage,
  VersionConflictError,
  type InstallationId,
  type Page,
  type PageQuery,
  type Run,
  type RunAdvance,
  type RunFilter,
  type RunId,
  type RunRepository,
  type TenantId,
} from '@tenon/core';
import { Conditions } from './conditions.js';
import { pageClause } from './page.js';
import {
  ADVANCE_RUN,
  FIND_RUN,
  FIND_RUN_BY_KEY,
  INSERT_RUN,
  RUN_CHANGING,
  RUN_ROW,
  toRun,
  toRunRow,
  UPDATE_RUN,
  type RunRow,
} from './run.sql.js';
import type { Session, Statement } from './session.js';
import { areIds, toJson } from './values.js';

function advanceValues(change: RunAdvance): unknown[] {
  const { total, processed = 0, succeeded = 0, failed = 0, skipped = 0 } = change.progress ?? {};
  return [
    ...[total ?? null, processed, succeeded, failed, skipped],
    toJson(change.checkpoint),
    change.pendingJobs ?? 0,
    change.deadJobs ?? 0,
    toJson(change.error),
    toJson(change.result),
    change.checkpoint !== undefined,
    change.result !== undefined,
    change.at,
  ];
}

export class PostgresqlRunRepository implements RunRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async #find(statement: Statement, values: readonly unknown[]): Promise<Run | null> {
    const row = await this.#session.row<RunRow>(statement, values);
    return row && toRun(row);
  }

  async insert(run: Run): Promise<void> {
    await this.#session.run(INSERT_RUN, RUN_ROW.values(toRunRow(run)));
  }

  async find(tenantId: TenantId, id: RunId): Promise<Run | null> {
    return areIds(tenantId, id) ? this.#find(FIND_RUN, [id, tenantId]) : null;
  }

  async findByKey(
    tenantId: TenantId,
    installationId: InstallationId,
    key: string,
  ): Promise<Run | null> {
    if (!areIds(tenantId, installationId)) return null;
    return this.#find(FIND_RUN_BY_KEY, [tenantId, installationId, key]);
  }

  async advance(tenantId: TenantId, id: RunId, change: RunAdvance): Promise<Run | null> {
    if (!areIds(tenantId, id)) return null;
    return this.#find(ADVANCE_RUN, [id, tenantId, ...advanceValues(change)]);
  }

  async update(run: Run): Promise<Run> {
    if (!areIds(run.tenantId, run.id)) throw new VersionConflictError('run', run.id);
    const row = toRunRow(run);
    const values = [run.id, run.tenantId, run.version, ...RUN_CHANGING.map((field) => row[field])];
    if ((await this.#session.run(UPDATE_RUN, values)) === 0) {
      throw new VersionConflictError('run', run.id);
    }
    return { ...run, version: run.version + 1 };
  }

  async list(tenantId: TenantId, filter: RunFilter, page: PageQuery): Promise<Page<Run>> {
    const { installationId, parentId, state, userId } = filter;
    if (!areIds(tenantId, installationId, parentId, userId)) return toPage<Run>([], page.limit);
    const conditions = new Conditions()
      .equal('runs.tenant_id', tenantId)
      .equal('runs.installation_id', installationId)
      .equal('runs.parent_id', parentId)
      .equal('runs.state', state)
      .equal('installations.user_id', userId);
    const owner =
      userId === undefined ? '' : 'JOIN installations ON installations.id = runs.installation_id';
    const text = `SELECT ${RUN_ROW.list} FROM runs ${owner} ${pageClause(conditions, 'runs', page)}`;
    const rows = await this.#session.rows<RunRow>({ text }, conditions.values);
    return toPage(rows.map(toRun), page.limit);
  }
}
