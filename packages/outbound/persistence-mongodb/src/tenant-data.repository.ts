import {
  assertTrailMayGo,
  entities,
  isOfTrail,
  type EntityDescription,
  type EntityName,
  type TenantDataRepository,
  type TenantId,
} from '@tenon/core';
import { deleteOwned } from './cascades.js';
import { among } from './filter.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { tenantRange } from './tenant-range.js';
import { areIds } from './values.js';

export class MongodbTenantDataRepository implements TenantDataRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Counts of rows are left as they are: they are rows of the tenant themselves, and go too. */
  async deleteBatch(tenantId: TenantId, entity: EntityName, limit: number): Promise<number> {
    const { tenant }: EntityDescription = entities[entity];
    if (tenant === null || !areIds(tenantId)) return 0;
    return this.#session.together(async (session) => {
      const all = new Rows(session, entity);
      const rows = all.of(tenantId);
      const ids = await rows.findIds(tenantRange(all, tenantId, null), { limit });
      if (ids.length === 0) return 0;
      if (isOfTrail(entity)) await assertGoing(session, entity, tenantId);
      await deleteOwned(session, entity, { tenantId, ids });
      return rows.delete({ _id: among(ids) });
    });
  }
}

async function assertGoing(
  session: Session,
  entity: EntityName,
  tenantId: TenantId,
): Promise<void> {
  const tenant = await new Rows(session, 'tenants').of(tenantId).findOne({});
  const status = tenant && (tenant['status'] as string);
  const entries = await new Rows(session, 'audit').of(tenantId).findIds({}, { limit: 1 });
  assertTrailMayGo(entity, { tenantId, status, hasEntries: entries.length > 0 });
}
