import {
  toPage,
  type Association,
  type AssociationId,
  type AssociationRepository,
  type InstallationId,
  type Page,
  type PageQuery,
  type TenantId,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import type { Association as AssociationRow } from './generated/client.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

const ROW = columns<AssociationRow>('associations', [
  'id',
  'tenantId',
  'installationId',
  'name',
  'type',
  'primaryObject',
  'createdAt',
]);

const INSERT = prepared('associations.insert', `INSERT INTO associations ${ROW.insert}`);

const FIND = prepared(
  'associations.find',
  `SELECT ${ROW.list} FROM associations WHERE id = $1 AND tenant_id = $2`,
);

const FIND_BY_NAME = prepared(
  'associations.find_by_name',
  `SELECT ${ROW.list} FROM associations WHERE installation_id = $1 AND name = $2 AND tenant_id = $3`,
);

const DELETE = prepared(
  'associations.delete',
  'DELETE FROM associations WHERE id = $1 AND tenant_id = $2',
);

const toAssociation = (row: AssociationRow): Association => row as unknown as Association;

export class PostgresqlAssociationRepository implements AssociationRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(association: Association): Promise<void> {
    await this.#session.run(INSERT, ROW.values(association));
  }

  async find(tenantId: TenantId, id: AssociationId): Promise<Association | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#session.row<AssociationRow>(FIND, [id, tenantId]);
    return row && toAssociation(row);
  }

  async findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Association | null> {
    if (!areIds(tenantId, installationId)) return null;
    const values = [installationId, name, tenantId];
    const row = await this.#session.row<AssociationRow>(FIND_BY_NAME, values);
    return row && toAssociation(row);
  }

  async list(
    tenantId: TenantId,
    { installationId }: { readonly installationId?: InstallationId },
    page: PageQuery,
  ): Promise<Page<Association>> {
    if (!areIds(tenantId, installationId)) return toPage<Association>([], page.limit);
    const conditions = new Conditions()
      .equal('associations.tenant_id', tenantId)
      .equal('associations.installation_id', installationId);
    const text = `SELECT ${ROW.list} FROM associations ${pageClause(conditions, 'associations', page)}`;
    const rows = await this.#session.rows<AssociationRow>({ text }, conditions.values);
    return toPage(rows.map(toAssociation), page.limit);
  }

  async delete(tenantId: TenantId, id: AssociationId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    return (await this.#session.run(DELETE, [id, tenantId])) > 0;
  }
}
