import type { MappingRepository, MappingScope } from '../mapping/mapping-repository.port.js';
import type { Mapping } from '../mapping/mapping.js';

/** How many rows of a kind were written and deleted. */
export interface MappingChanges {
  readonly written: number;
  readonly deleted: number;
}

/** What a layer has read of the rows below it, and what was changed in it. */
export interface LayerMemory {
  readonly changes: Map<string, MappingChanges>;
  /** Kinds that were read whole. */
  readonly kinds: Set<string>;
  /** Keys that were read, or written here. */
  readonly keys: Map<string, Set<string>>;
}

const PAGE = 1_000;

/** What is remembered when nothing has been read. */
export function newLayer(): LayerMemory {
  return { changes: new Map(), kinds: new Set(), keys: new Map() };
}

function nameOf({ tenantId, installationId, kind }: MappingScope): string {
  return `${tenantId}/${installationId}/${kind}`;
}

function note({ changes }: LayerMemory, kind: string, change: Partial<MappingChanges>): void {
  const { written, deleted } = changes.get(kind) ?? { written: 0, deleted: 0 };
  const { written: more = 0, deleted: fewer = 0 } = change;
  changes.set(kind, { written: written + more, deleted: deleted + fewer });
}

/**
 * Mappings over those of a database, which are read when they are needed and never written. What was read or changed once is found in
 * the layer alone.
 */
export class LayeredMappings implements MappingRepository {
  constructor(
    private readonly top: MappingRepository,
    private readonly below: MappingRepository,
    private readonly layer: LayerMemory,
  ) {}

  async upsertMany(
    scope: MappingScope,
    rows: Parameters<MappingRepository['upsertMany']>[1],
    at: Date,
  ): Promise<number> {
    const sourceIds = rows.map(({ sourceId }) => sourceId);
    await this.#readKeys(scope, sourceIds);
    const written = await this.top.upsertMany(scope, rows, at);
    note(this.layer, scope.kind, { written });
    return written;
  }

  async findMany(scope: MappingScope, sourceIds: readonly string[]): Promise<readonly Mapping[]> {
    await this.#readKeys(scope, sourceIds);
    return this.top.findMany(scope, sourceIds);
  }

  async deleteMany(scope: MappingScope, sourceIds: readonly string[]): Promise<number> {
    await this.#readKeys(scope, sourceIds);
    const deleted = await this.top.deleteMany(scope, sourceIds);
    note(this.layer, scope.kind, { deleted });
    return deleted;
  }

  async findByTarget(scope: MappingScope, targetId: string): Promise<readonly Mapping[]> {
    await this.#readKind(scope);
    return this.top.findByTarget(scope, targetId);
  }

  async list(
    scope: MappingScope,
    afterSourceId: string | null,
    limit: number,
  ): Promise<readonly Mapping[]> {
    await this.#readKind(scope);
    return this.top.list(scope, afterSourceId, limit);
  }

  async count(scope: MappingScope): Promise<number> {
    await this.#readKind(scope);
    return this.top.count(scope);
  }

  #seen(scope: MappingScope): Set<string> {
    const { keys } = this.layer;
    const known = keys.get(nameOf(scope)) ?? new Set();
    keys.set(nameOf(scope), known);
    return known;
  }

  /** Marks and writes in one go: whoever changes a row meanwhile comes before or after, never between. */
  async #keep(scope: MappingScope, rows: readonly Mapping[]): Promise<void> {
    const known = this.#seen(scope);
    const fresh = rows.filter(({ sourceId }) => !known.has(sourceId));
    for (const { sourceId } of fresh) known.add(sourceId);
    await Promise.all(fresh.map((row) => this.top.upsertMany(scope, [row], row.updatedAt)));
  }

  async #readKeys(scope: MappingScope, sourceIds: readonly string[]): Promise<void> {
    if (this.layer.kinds.has(nameOf(scope))) return;
    const known = this.#seen(scope);
    const unknown = [...new Set(sourceIds)].filter((id) => !known.has(id));
    if (unknown.length === 0) return;
    const kept = this.#keep(scope, await this.below.findMany(scope, unknown));
    for (const id of unknown) known.add(id);
    await kept;
  }

  async #readKind(scope: MappingScope): Promise<void> {
    const { kinds } = this.layer;
    let after: string | null = null;
    while (!kinds.has(nameOf(scope))) {
      const rows: readonly Mapping[] = await this.below.list(scope, after, PAGE);
      await this.#keep(scope, rows);
      after = rows.at(-1)?.sourceId ?? null;
      if (rows.length < PAGE) kinds.add(nameOf(scope));
    }
  }
}
