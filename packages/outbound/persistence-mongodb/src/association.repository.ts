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
import { deleteWithOwned } from './cascades.js';
import type { Filter } from './filter.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

export class MongodbAssociationRepository implements AssociationRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'associations');
  }

  async insert(association: Association): Promise<void> {
    await this.#rows.of(association.tenantId).insert(association);
  }

  async #find(tenantId: TenantId, filter: Filter): Promise<Association | null> {
    return (await this.#rows.of(tenantId).findOne(filter)) as Association | null;
  }

  async find(tenantId: TenantId, id: AssociationId): Promise<Association | null> {
    return areIds(tenantId, id) ? this.#find(tenantId, { id }) : null;
  }

  async findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Association | null> {
    if (!areIds(tenantId, installationId)) return null;
    return this.#find(tenantId, { installationId, name });
  }

  async list(
    tenantId: TenantId,
    { installationId }: { readonly installationId?: InstallationId },
    page: PageQuery,
  ): Promise<Page<Association>> {
    if (!areIds(tenantId, installationId)) return toPage<Association>([], page.limit);
    const { filter, ...order } = pageOf({ installationId }, page);
    const rows = await this.#rows.of(tenantId).find(filter, order);
    return toPage(rows as unknown as Association[], page.limit);
  }

  async delete(tenantId: TenantId, id: AssociationId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    return this.#session.together((session) =>
      deleteWithOwned(session, 'associations', { tenantId, id }),
    );
  }
}
