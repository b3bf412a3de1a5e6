import type { SyncRecord } from '@tenon/core';
import { copyOf } from './copy.js';
import type { Journal } from './journal.js';
import { SortedKeys } from './sorted-keys.js';

/** The records of one side of a sync. */
interface Side {
  readonly rows: Map<string, SyncRecord>;
  readonly order: SortedKeys;
  living: number;
}

type SideKey = Pick<SyncRecord, 'tenantId' | 'installationId' | 'syncId' | 'side'>;

const installationOf = ({ tenantId, installationId }: SideKey): string =>
  `${tenantId}/${installationId}`;

/** Records by installation, sync and side, in the order of their ids. */
export class RecordTable {
  readonly #installations = new Map<string, Map<string, Side>>();

  constructor(private readonly journal: Journal) {}

  side(key: SideKey): Side | undefined {
    return this.#installations.get(installationOf(key))?.get(`${key.syncId}/${key.side}`);
  }

  *of(installation: string): Iterable<SyncRecord> {
    for (const { rows } of this.#installations.get(installation)?.values() ?? [])
      yield* rows.values();
  }

  *all(): Iterable<SyncRecord> {
    for (const installation of this.#installations.keys()) yield* this.of(installation);
  }

  put(row: SyncRecord): void {
    this.#change(this.#ensure(row), row.externalId, copyOf(row));
  }

  remove(key: SideKey, externalId: string): boolean {
    const side = this.side(key);
    if (!side?.rows.has(externalId)) return false;
    this.#change(side, externalId, undefined);
    return true;
  }

  #change(side: Side, externalId: string, next: SyncRecord | undefined): void {
    const before = side.rows.get(externalId);
    write(side, before, next);
    this.journal.record(() => {
      write(side, next, before);
    });
  }

  #ensure(key: SideKey): Side {
    const sides = this.#installations.get(installationOf(key)) ?? new Map<string, Side>();
    this.#installations.set(installationOf(key), sides);
    const name = `${key.syncId}/${key.side}`;
    const side = sides.get(name) ?? { rows: new Map(), order: new SortedKeys(), living: 0 };
    sides.set(name, side);
    return side;
  }
}

const lives = (row: SyncRecord | undefined): number => Number(row?.deletedAt === null);

function write(side: Side, before: SyncRecord | undefined, next: SyncRecord | undefined): void {
  side.living += lives(next) - lives(before);
  if (next) {
    side.rows.set(next.externalId, next);
    if (!before) side.order.add(next.externalId);
  } else if (before) {
    side.rows.delete(before.externalId);
    side.order.remove();
  }
}
