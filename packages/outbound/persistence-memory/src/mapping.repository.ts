import type { Mapping, MappingRepository, MappingScope } from '@tenon/core';
import type { Access } from './access.js';
import { installationOf } from './database.js';

type NewMapping = Pick<Mapping, 'sourceId' | 'targetId' | 'hash' | 'state'>;

export class MemoryMappingRepository implements MappingRepository {
  constructor(private readonly access: Access) {}

  upsertMany(scope: MappingScope, rows: readonly NewMapping[], at: Date): Promise<number> {
    return this.access.run(({ mappings }) => {
      const { tenantId, installationId, kind } = scope;
      const last = new Map(rows.map((row) => [row.sourceId, row]));
      for (const { sourceId, targetId, hash, state } of last.values()) {
        mappings.put(groupOf(scope), {
          tenantId,
          installationId,
          kind,
          sourceId,
          targetId,
          hash,
          state,
          updatedAt: at,
        });
      }
      return last.size;
    });
  }

  findMany(scope: MappingScope, sourceIds: readonly string[]): Promise<readonly Mapping[]> {
    return this.access.run(({ mappings }) => {
      const rows = mappings.get(groupOf(scope), scope.kind)?.rows;
      return [...new Set(sourceIds)]
        .map((sourceId) => rows?.get(sourceId))
        .filter((row) => row !== undefined);
    });
  }

  findByTarget(scope: MappingScope, targetId: string): Promise<readonly Mapping[]> {
    return this.access.run(({ mappings }) => {
      const kind = mappings.get(groupOf(scope), scope.kind);
      return [...(kind?.targets.get(targetId) ?? [])]
        .map((sourceId) => kind?.rows.get(sourceId))
        .filter((row) => row !== undefined);
    });
  }

  list(
    scope: MappingScope,
    afterSourceId: string | null,
    limit: number,
  ): Promise<readonly Mapping[]> {
    return this.access.run(({ mappings }) => {
      const kind = mappings.get(groupOf(scope), scope.kind);
      if (!kind) return [];
      return kind.order
        .after(afterSourceId, { limit, exists: (key) => kind.rows.has(key) })
        .map((sourceId) => kind.rows.get(sourceId))
        .filter((row) => row !== undefined);
    });
  }

  count(scope: MappingScope): Promise<number> {
    return this.access.run(
      ({ mappings }) => mappings.get(groupOf(scope), scope.kind)?.rows.size ?? 0,
    );
  }

  deleteMany(scope: MappingScope, sourceIds: readonly string[]): Promise<number> {
    return this.access.run(({ mappings }) => {
      const { kind } = scope;
      return sourceIds.filter((sourceId) => mappings.remove(groupOf(scope), { kind, sourceId }))
        .length;
    });
  }
}

function groupOf({ tenantId, installationId }: MappingScope): string {
  return installationOf(tenantId, installationId);
}
