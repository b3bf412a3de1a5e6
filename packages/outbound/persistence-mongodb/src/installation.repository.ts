import {
  toPage,
  type Installation,
  type InstallationFilter,
  type InstallationId,
  type InstallationMessage,
  type InstallationRepository,
  type Page,
  type PageQuery,
  type TenantId,
} from '@tenon/core';
import { compareAndSet } from './compare-and-set.js';
import { above, type Filter } from './filter.js';
import { addingMessage } from './installation.change.js';
import { deleteOwnedRows } from './installation-deletion.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

function toInstallation(row: Row): Installation {
  const { connectionIds: _connectionIds, ...rest } = row;
  return rest as unknown as Installation;
}

function toRow(installation: Installation): object {
  const connectionIds = [...new Set(Object.values(installation.connections))];
  return { ...installation, connectionIds };
}

export class MongodbInstallationRepository implements InstallationRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'installations');
  }

  async insert(installation: Installation): Promise<void> {
    await this.#rows.of(installation.tenantId).insert(toRow(installation));
  }

  async find(tenantId: TenantId, id: InstallationId): Promise<Installation | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#rows.of(tenantId).findOne({ id });
    return row && toInstallation(row);
  }

  async update(installation: Installation): Promise<Installation> {
    const change = { row: installation, fields: toRow(installation) };
    const version = await compareAndSet(this.#rows, 'installation', change);
    return { ...installation, version };
  }

  async addMessage(
    tenantId: TenantId,
    id: InstallationId,
    message: Omit<InstallationMessage, 'count'>,
  ): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    return (await this.#rows.of(tenantId).change({ id }, addingMessage(message))) !== null;
  }

  async list(
    tenantId: TenantId,
    filter: InstallationFilter,
    page: PageQuery,
  ): Promise<Page<Installation>> {
    const { userId, integration, status, connectionId } = filter;
    if (!areIds(tenantId, userId, connectionId)) return toPage<Installation>([], page.limit);
    // A list matches when one of its members does.
    const wanted = { userId, integration, status, connectionIds: connectionId };
    const { filter: where, ...order } = pageOf(wanted, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows.map(toInstallation), page.limit);
  }

  async #walk(
    filter: Filter,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly Installation[]> {
    if (!areIds(afterId)) return [];
    const where = { ...filter, ...(afterId !== null && { id: above(afterId) }) };
    const rows = await this.#rows.acrossTenants().find(where, { sort: { _id: 1 }, limit });
    return rows.map(toInstallation);
  }

  async listEnabled(
    integration: string,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly Installation[]> {
    return this.#walk({ integration, status: 'enabled' }, afterId, limit);
  }

  async listDeleting(
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly Installation[]> {
    return this.#walk({ status: 'deleting' }, afterId, limit);
  }

  async deleteBatch(tenantId: TenantId, id: InstallationId, limit: number): Promise<boolean> {
    return areIds(tenantId, id) ? deleteOwnedRows(this.#session, { tenantId, id }, limit) : true;
  }
}
