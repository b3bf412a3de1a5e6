import type {
  Association,
  AssociationId,
  AssociationRepository,
  InstallationId,
  Page,
  PageQuery,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { installationOf } from './database.js';
import { matches, owned, pageOf, where } from './rows.js';

export class MemoryAssociationRepository implements AssociationRepository {
  constructor(private readonly access: Access) {}

  insert(association: Association): Promise<void> {
    return this.access.run(({ associations }) => {
      associations.insert(association);
    });
  }

  find(tenantId: TenantId, id: AssociationId): Promise<Association | null> {
    return this.access.run(({ associations }) => owned(associations, tenantId, id) ?? null);
  }

  findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Association | null> {
    const key = `${installationOf(tenantId, installationId)}/${name}`;
    return this.access.run(({ associations }) => associations.by('name', key) ?? null);
  }

  list(
    tenantId: TenantId,
    filter: { readonly installationId?: InstallationId },
    page: PageQuery,
  ): Promise<Page<Association>> {
    return this.access.run(({ associations }) =>
      pageOf(
        where(associations.group('tenant', tenantId), ({ installationId }) =>
          matches(filter.installationId, installationId),
        ),
        page,
      ),
    );
  }

  delete(tenantId: TenantId, id: AssociationId): Promise<boolean> {
    return this.access.run(({ associations, associationObjects }) => {
      if (!owned(associations, tenantId, id)) return false;
      for (const object of [...associationObjects.group('association', id)]) {
        associationObjects.remove(object.id);
      }
      return associations.remove(id);
    });
  }
}
