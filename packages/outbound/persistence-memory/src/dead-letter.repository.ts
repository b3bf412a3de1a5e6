import { MENDABLE } from '@tenon/core';
import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterId,
  DeadLetterReason,
  DeadLetterRepository,
  InstallationId,
  Page,
  PageQuery,
  ParkedInstallation,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import type { Database } from './database.js';
import { byAge, matches, owned, pageOf, where } from './rows.js';

const REASONS: ReadonlySet<DeadLetterReason> = new Set(MENDABLE);

export class MemoryDeadLetterRepository implements DeadLetterRepository {
  constructor(private readonly access: Access) {}

  insert(deadLetter: DeadLetter): Promise<void> {
    return this.access.run(({ deadLetters }) => {
      deadLetters.insert(deadLetter);
    });
  }

  find(tenantId: TenantId, id: DeadLetterId): Promise<DeadLetter | null> {
    return this.access.run(({ deadLetters }) => owned(deadLetters, tenantId, id) ?? null);
  }

  list(tenantId: TenantId, filter: DeadLetterFilter, page: PageQuery): Promise<Page<DeadLetter>> {
    return this.access.run((database) => pageOf(matching(database, tenantId, filter), page));
  }

  take(
    tenantId: TenantId,
    filter: DeadLetterFilter,
    limit: number,
  ): Promise<readonly DeadLetter[]> {
    return this.access.run((database) => {
      const taken = [...matching(database, tenantId, filter)].sort(byAge).slice(0, limit);
      for (const { id } of taken) database.deadLetters.remove(id);
      return taken;
    });
  }

  listParked(
    before: Date,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly ParkedInstallation[]> {
    return this.access.run(({ deadLetters, installations }) => {
      const parked = where(
        deadLetters.all(),
        ({ reason, createdAt, installationId }) =>
          REASONS.has(reason) &&
          createdAt < before &&
          installationId > (afterId ?? '') &&
          installations.get(installationId) !== undefined,
      );
      const byId = new Map([...parked].map((row) => [row.installationId, row.tenantId]));
      return [...byId]
        .map(([installationId, tenantId]) => ({ tenantId, installationId }))
        .sort((a, b) => (a.installationId < b.installationId ? -1 : 1))
        .slice(0, limit);
    });
  }

  delete(tenantId: TenantId, id: DeadLetterId): Promise<boolean> {
    return this.access.run(({ deadLetters }) =>
      owned(deadLetters, tenantId, id) ? deadLetters.remove(id) : false,
    );
  }
}

function matching(
  { deadLetters, installations }: Database,
  tenantId: TenantId,
  filter: DeadLetterFilter,
): Iterable<DeadLetter> {
  return where(
    deadLetters.group('tenant', tenantId),
    (row) =>
      matches(filter.installationId, row.installationId) &&
      matches(filter.runId, row.runId) &&
      matches(filter.jobId, row.message.id) &&
      (filter.reasons?.includes(row.reason) ?? true) &&
      matches(filter.userId, installations.get(row.installationId)?.userId),
  );
}
