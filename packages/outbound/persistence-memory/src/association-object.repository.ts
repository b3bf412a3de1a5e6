import { seatOf } from '@tenon/core';
import type {
  Association,
  AssociationObject,
  AssociationObjectFilter,
  AssociationObjectKey,
  AssociationObjectRepository,
  NewAssociationObject,
  Page,
  PageQuery,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { objectOf } from './database.js';
import type { Database } from './database.js';
import { matches, owned, pageOf, where } from './rows.js';

export class MemoryAssociationObjectRepository implements AssociationObjectRepository {
  constructor(private readonly access: Access) {}

  upsertMany(
    association: Pick<Association, 'id' | 'tenantId' | 'installationId' | 'type'>,
    rows: readonly NewAssociationObject[],
    at: Date,
  ): Promise<number> {
    const { id: associationId, tenantId, installationId, type } = association;
    return this.access.run(({ associations, associationObjects }) => {
      if (owned(associations, tenantId, associationId)?.installationId !== installationId) return 0;
      const last = new Map(rows.map((row) => [objectOf({ ...row, associationId }), row]));
      for (const [object, row] of last) {
        const { connectionId, objectType, externalId, role, metadata } = row;
        const before = associationObjects.by('object', object);
        associationObjects.put({
          id: before?.id ?? row.id,
          ...{ tenantId, installationId, associationId, connectionId, objectType, externalId },
          ...{ role, seat: seatOf(type, role), metadata },
          createdAt: before?.createdAt ?? at,
          updatedAt: at,
        });
      }
      return last.size;
    });
  }

  list(
    tenantId: TenantId,
    filter: AssociationObjectFilter,
    page: PageQuery,
  ): Promise<Page<AssociationObject>> {
    return this.access.run((database) =>
      pageOf(
        where(
          candidates(database, tenantId, filter),
          (row) =>
            row.tenantId === tenantId &&
            matches(filter.installationId, row.installationId) &&
            matches(filter.connectionId, row.connectionId) &&
            matches(filter.objectType, row.objectType) &&
            matches(filter.externalId, row.externalId) &&
            matches(filter.role, row.role),
        ),
        page,
      ),
    );
  }

  deleteMany(
    association: Pick<Association, 'id' | 'tenantId'>,
    keys: readonly AssociationObjectKey[],
  ): Promise<number> {
    const { id: associationId, tenantId } = association;
    return this.access.run(({ associationObjects }) => {
      const found = keys
        .map((key) => associationObjects.by('object', objectOf({ ...key, associationId })))
        .filter((row) => row?.tenantId === tenantId);
      return found.filter((row) => row && associationObjects.remove(row.id)).length;
    });
  }
}

function candidates(
  { associationObjects }: Database,
  tenantId: TenantId,
  { associationId }: AssociationObjectFilter,
): Iterable<AssociationObject> {
  return associationId === undefined
    ? associationObjects.group('tenant', tenantId)
    : associationObjects.group('association', associationId);
}
