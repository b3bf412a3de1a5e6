import type { Mapping } from '@tenon/core';
import { copyOf } from './copy.js';
import type { Journal } from './journal.js';
import { SortedKeys } from './sorted-keys.js';

interface Kind {
  readonly name: string;
  readonly rows: Map<string, Mapping>;
  readonly order: SortedKeys;
  readonly targets: Map<string, Set<string>>;
}

/** Mappings by installation and kind: the one table that grows to millions of rows, with an order of its own. */
export class MappingTable {
  readonly #installations = new Map<string, Map<string, Kind>>();

  constructor(private readonly journal: Journal) {}

  get(installation: string, kind: string): Kind | undefined {
    return this.#installations.get(installation)?.get(kind);
  }

  kindsOf(installation: string): Iterable<Kind> {
    return this.#installations.get(installation)?.values() ?? [];
  }

  *all(): Iterable<Mapping> {
    for (const kinds of this.#installations.values()) {
      for (const kind of kinds.values()) yield* kind.rows.values();
    }
  }

  put(installation: string, row: Mapping): void {
    this.#change(this.#ensure(installation, row.kind), row.sourceId, copyOf(row));
  }

  remove(installation: string, { kind, sourceId }: Pick<Mapping, 'kind' | 'sourceId'>): boolean {
    const found = this.get(installation, kind);
    if (!found?.rows.has(sourceId)) return false;
    this.#change(found, sourceId, undefined);
    return true;
  }

  #change(kind: Kind, sourceId: string, next: Mapping | undefined): void {
    const before = kind.rows.get(sourceId);
    write(kind, before, next);
    this.journal.record(() => {
      write(kind, next, before);
    });
  }

  #ensure(installation: string, name: string): Kind {
    const kinds = this.#installations.get(installation) ?? new Map<string, Kind>();
    this.#installations.set(installation, kinds);
    const kind = kinds.get(name) ?? {
      name,
      rows: new Map<string, Mapping>(),
      order: new SortedKeys(),
      targets: new Map<string, Set<string>>(),
    };
    kinds.set(name, kind);
    return kind;
  }
}

function write(kind: Kind, before: Mapping | undefined, next: Mapping | undefined): void {
  if (before) {
    if (before.targetId !== null) kind.targets.get(before.targetId)?.delete(before.sourceId);
    kind.rows.delete(before.sourceId);
    if (!next) kind.order.remove();
  }
  if (!next) return;
  kind.rows.set(next.sourceId, next);
  if (!before) kind.order.add(next.sourceId);
  if (next.targetId === null) return;
  const sources = kind.targets.get(next.targetId);
  if (sources) sources.add(next.sourceId);
  else kind.targets.set(next.targetId, new Set([next.sourceId]));
}
