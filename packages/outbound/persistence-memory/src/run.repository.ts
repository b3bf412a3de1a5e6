import type {
  InstallationId,
  Page,
  PageQuery,
  Run,
  RunAdvance,
  RunFilter,
  RunId,
  RunRepository,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { installationOf } from './database.js';
import { compareAndSet, matches, owned, pageOf, where } from './rows.js';
import { advanced } from './run-advance.js';

export class MemoryRunRepository implements RunRepository {
  constructor(private readonly access: Access) {}

  insert(run: Run): Promise<void> {
    return this.access.run(({ runs }) => {
      runs.insert(run);
    });
  }

  find(tenantId: TenantId, id: RunId): Promise<Run | null> {
    return this.access.run(({ runs }) => owned(runs, tenantId, id) ?? null);
  }

  findByKey(tenantId: TenantId, installationId: InstallationId, key: string): Promise<Run | null> {
    return this.access.run(
      ({ runs }) => runs.by('key', `${installationOf(tenantId, installationId)}/${key}`) ?? null,
    );
  }

  advance(tenantId: TenantId, id: RunId, change: RunAdvance): Promise<Run | null> {
    return this.access.run(({ runs }) => {
      const current = owned(runs, tenantId, id);
      if (!current) return null;
      const next = advanced(current, change);
      runs.put(next);
      return next;
    });
  }

  update(run: Run): Promise<Run> {
    return this.access.run(({ runs }) => compareAndSet(runs, 'run', run));
  }

  list(tenantId: TenantId, filter: RunFilter, page: PageQuery): Promise<Page<Run>> {
    return this.access.run(({ runs, installations }) => {
      const found = where(
        runs.group('tenant', tenantId),
        (run) =>
          matches(filter.installationId, run.installationId) &&
          matches(filter.state, run.state) &&
          matches(filter.parentId, run.parentId) &&
          matches(filter.userId, installations.get(run.installationId)?.userId),
      );
      return pageOf(found, page);
    });
  }
}
