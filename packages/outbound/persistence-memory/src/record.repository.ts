import type {
  RecordChange,
  RecordChanges,
  RecordPass,
  RecordRepository,
  RecordScope,
  SeenRecord,
  SyncRecord,
} from '@tenon/core';
import type { Access } from './access.js';
import type { Database } from './database.js';

function changeOf(before: SyncRecord | undefined, hash: string): RecordChange {
  if (before?.deletedAt !== null) return 'new';
  return before.hash === hash ? 'unchanged' : 'changed';
}

function upserted(
  { records }: Database,
  scope: RecordScope,
  { row, pass }: { readonly row: SeenRecord; readonly pass: RecordPass },
): RecordChange {
  const { tenantId, installationId, syncId, side } = scope;
  const { externalId, hash, revision, pairId } = row;
  const before = records.side(scope)?.rows.get(externalId);
  const change = changeOf(before, hash);
  records.put({
    ...{ tenantId, installationId, syncId, side, externalId, hash, revision, change },
    pairId: pairId ?? before?.pairId ?? null,
    generation: Math.max(pass.generation, before?.generation ?? pass.generation),
    deletedAt: null,
    updatedAt: pass.at,
  });
  return change;
}

export class MemoryRecordRepository implements RecordRepository {
  constructor(private readonly access: Access) {}

  upsertMany(
    scope: RecordScope,
    rows: readonly SeenRecord[],
    pass: RecordPass,
  ): Promise<RecordChanges> {
    return this.access.run((database) => {
      const ids: Record<RecordChange, string[]> = { new: [], changed: [], unchanged: [] };
      const last = new Map(rows.map((row) => [row.externalId, row]));
      for (const row of last.values()) {
        ids[upserted(database, scope, { row, pass })].push(row.externalId);
      }
      return { created: ids.new, changed: ids.changed, unchanged: ids.unchanged };
    });
  }

  findMany(scope: RecordScope, externalIds: readonly string[]): Promise<readonly SyncRecord[]> {
    return this.access.run(({ records }) => {
      const rows = records.side(scope)?.rows;
      return [...new Set(externalIds)]
        .map((externalId) => rows?.get(externalId))
        .filter((row) => row !== undefined);
    });
  }

  list(
    scope: RecordScope,
    afterExternalId: string | null,
    limit: number,
  ): Promise<readonly SyncRecord[]> {
    return this.access.run((database) => after(database, scope, { afterExternalId, limit }));
  }

  markDeleted(
    scope: RecordScope,
    externalIds: readonly string[],
    at: Date,
  ): Promise<readonly string[]> {
    return this.access.run(({ records }) => {
      const rows = records.side(scope)?.rows;
      return [...new Set(externalIds)].filter((externalId) => {
        const row = rows?.get(externalId);
        if (row?.deletedAt !== null) return false;
        records.put({ ...row, deletedAt: at, updatedAt: at });
        return true;
      });
    });
  }

  markUnseenDeleted(
    scope: RecordScope,
    { generation, at }: RecordPass,
    step: { readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly deleted: readonly string[]; readonly next: string | null }> {
    return this.access.run((database) => {
      const { after: afterExternalId, limit } = step;
      const looked = after(database, scope, { afterExternalId, limit });
      const unseen = looked.filter((row) => row.deletedAt === null && row.generation < generation);
      for (const row of unseen) database.records.put({ ...row, deletedAt: at, updatedAt: at });
      return {
        deleted: unseen.map(({ externalId }) => externalId),
        next: looked.length < limit ? null : (looked.at(-1)?.externalId ?? null),
      };
    });
  }

  count(scope: RecordScope): Promise<number> {
    return this.access.run(({ records }) => records.side(scope)?.living ?? 0);
  }

  deleteMany(scope: RecordScope, externalIds: readonly string[]): Promise<number> {
    return this.access.run(
      ({ records }) => externalIds.filter((id) => records.remove(scope, id)).length,
    );
  }
}

function after(
  { records }: Database,
  scope: RecordScope,
  page: { readonly afterExternalId: string | null; readonly limit: number },
): SyncRecord[] {
  const side = records.side(scope);
  if (!side) return [];
  return side.order
    .after(page.afterExternalId, { limit: page.limit, exists: (key) => side.rows.has(key) })
    .map((key) => side.rows.get(key))
    .filter((row) => row !== undefined);
}
