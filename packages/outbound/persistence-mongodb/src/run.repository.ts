import {
  toPage,
  type InstallationId,
  type Page,
  type PageQuery,
  type Run,
  type RunAdvance,
  type RunFilter,
  type RunId,
  type RunProgress,
  type RunRepository,
  type TenantId,
} from '@tenon/core';
import { compareAndSet } from './compare-and-set.js';
import { installationsOf } from './installations-of.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import { advancing } from './run.change.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

function toRun(row: Row): Run {
  const { total, processed, succeeded, failed, skipped, ...rest } = row as Row & RunProgress;
  return { ...rest, progress: { total, processed, succeeded, failed, skipped } } as unknown as Run;
}

function toRow({ progress, ...rest }: Run): object {
  return { ...rest, ...progress };
}

export class MongodbRunRepository implements RunRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'runs');
  }

  async insert(run: Run): Promise<void> {
    await this.#rows.of(run.tenantId).insert(toRow(run));
  }

  async find(tenantId: TenantId, id: RunId): Promise<Run | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#rows.of(tenantId).findOne({ id });
    return row && toRun(row);
  }

  async findByKey(
    tenantId: TenantId,
    installationId: InstallationId,
    key: string,
  ): Promise<Run | null> {
    if (!areIds(tenantId, installationId)) return null;
    const row = await this.#rows.of(tenantId).findOne({ installationId, key });
    return row && toRun(row);
  }

  async advance(tenantId: TenantId, id: RunId, change: RunAdvance): Promise<Run | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#rows.of(tenantId).change({ id }, advancing(change));
    return row && toRun(row);
  }

  async update(run: Run): Promise<Run> {
    const change = { row: run, fields: toRow(run), fixed: ['installationId'] };
    const version = await compareAndSet(this.#rows, 'run', change);
    return { ...run, version };
  }

  async list(tenantId: TenantId, filter: RunFilter, page: PageQuery): Promise<Page<Run>> {
    const { installationId, parentId, state, userId } = filter;
    if (!areIds(tenantId, installationId, parentId, userId)) return toPage<Run>([], page.limit);
    const owned = await installationsOf(this.#session, tenantId, filter);
    const { filter: where, ...order } = pageOf({ ...owned, parentId, state }, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows.map(toRun), page.limit);
  }
}
