import type {
  AuditEntry,
  AuditFilter,
  AuditHead,
  AuditRepository,
  Page,
  PageQuery,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { matches, pageOf, where } from './rows.js';

export class MemoryAuditRepository implements AuditRepository {
  constructor(private readonly access: Access) {}

  head(tenantId: TenantId): Promise<AuditHead | null> {
    return this.access.run(({ auditHeads }) => {
      const head = auditHeads.get(tenantId);
      return head ? { sequence: head.sequence, hash: head.hash } : null;
    });
  }

  append(
    tenantId: TenantId,
    head: AuditHead | null,
    entries: readonly AuditEntry[],
  ): Promise<number> {
    return this.access.run(({ audit, auditHeads }) => {
      const last = entries.at(-1);
      const current = auditHeads.get(tenantId);
      if (!last || current?.sequence !== head?.sequence || current?.hash !== head?.hash) return 0;
      for (const entry of entries) audit.insert({ ...entry, tenantId });
      const { sequence, hash, createdAt: updatedAt } = last;
      auditHeads.put({ tenantId, sequence, hash, updatedAt });
      return entries.length;
    });
  }

  list(tenantId: TenantId, filter: AuditFilter, page: PageQuery): Promise<Page<AuditEntry>> {
    return this.access.run(({ audit }) => {
      const found = where(audit.group('tenant', tenantId), (entry) => fits(entry, filter));
      return pageOf(found, page);
    });
  }

  read(tenantId: TenantId, afterSequence: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.access.run(({ audit }) =>
      [...where(audit.group('tenant', tenantId), ({ sequence }) => sequence > afterSequence)]
        .sort((a, b) => a.sequence - b.sequence)
        .slice(0, limit),
    );
  }
}

function fits({ action, subject, actor, createdAt }: AuditEntry, filter: AuditFilter): boolean {
  return (
    matches(filter.action, action) &&
    matches(filter.subjectType, subject.type) &&
    matches(filter.subjectId, subject.id) &&
    matches(filter.actorKind, actor.kind) &&
    matches(filter.actorUserId, actor.userId ?? undefined) &&
    (filter.from === undefined || createdAt >= filter.from) &&
    (filter.to === undefined || createdAt < filter.to)
  );
}
