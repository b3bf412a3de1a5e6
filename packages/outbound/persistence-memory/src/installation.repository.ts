import { withMessage } from '@tenon/core';
import type {
  Installation,
  InstallationFilter,
  InstallationId,
  InstallationMessage,
  InstallationRepository,
  Page,
  PageQuery,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { deleteOwned } from './installation-deletion.js';
import { compareAndSet, matches, owned, pageOf, where } from './rows.js';

export class MemoryInstallationRepository implements InstallationRepository {
  constructor(private readonly access: Access) {}

  insert(installation: Installation): Promise<void> {
    return this.access.run(({ installations }) => {
      installations.insert(installation);
    });
  }

  find(tenantId: TenantId, id: InstallationId): Promise<Installation | null> {
    return this.access.run(({ installations }) => owned(installations, tenantId, id) ?? null);
  }

  update(installation: Installation): Promise<Installation> {
    return this.access.run(({ installations }) =>
      compareAndSet(installations, 'installation', installation),
    );
  }

  addMessage(
    tenantId: TenantId,
    id: InstallationId,
    message: Omit<InstallationMessage, 'count'>,
  ): Promise<boolean> {
    return this.access.run(({ installations }) => {
      const current = owned(installations, tenantId, id);
      if (!current) return false;
      installations.put({
        ...current,
        messages: withMessage(current.messages, message),
        updatedAt: message.at,
        version: current.version + 1,
      });
      return true;
    });
  }

  list(
    tenantId: TenantId,
    filter: InstallationFilter,
    page: PageQuery,
  ): Promise<Page<Installation>> {
    return this.access.run(({ installations }) => {
      const found = where(
        installations.group('tenant', tenantId),
        (row) =>
          matches(filter.userId, row.userId) &&
          matches(filter.integration, row.integration) &&
          matches(filter.status, row.status) &&
          (filter.connectionId === undefined ||
            Object.values(row.connections).includes(filter.connectionId)),
      );
      return pageOf(found, page);
    });
  }

  listEnabled(
    integration: string,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly Installation[]> {
    return this.access.run(({ installations }) =>
      [...installations.group('integration', integration)]
        .filter(({ id, status }) => status === 'enabled' && (afterId === null || id > afterId))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    );
  }

  listDeleting(afterId: InstallationId | null, limit: number): Promise<readonly Installation[]> {
    return this.access.run(({ installations }) =>
      [...installations.all()]
        .filter(({ id, status }) => status === 'deleting' && (afterId === null || id > afterId))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    );
  }

  deleteBatch(tenantId: TenantId, id: InstallationId, limit: number): Promise<boolean> {
    return this.access.run((database) => {
      if (!deleteOwned(database, { tenantId, installationId: id }, limit)) return false;
      if (owned(database.installations, tenantId, id)) database.installations.remove(id);
      return true;
    });
  }
}
