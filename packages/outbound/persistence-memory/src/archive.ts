import {
  ValidationError,
  archiveKeyOf,
  describedEntity,
  sameArchiveRow,
  secretNames,
  secretPlaceOf,
} from '@tenon/core';
import type {
  ArchiveKey,
  ArchiveReadOptions,
  ArchiveReader,
  ArchiveRow,
  ArchiveWritten,
  EncryptionContext,
  EntityName,
  JsonValue,
  Mapping,
  Secret,
  SyncRecord,
  TenantArchive,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { fieldsOf, rowOf } from './archive-rows.js';
import { installationOf } from './database.js';
import type { Database } from './database.js';
import type { Sealed, Sealer } from './sealer.js';
import { compareCodePoints } from './sorted-keys.js';
import type { Table } from './table.js';

type Fields = Readonly<Record<string, unknown>>;

function compareKeys(a: ArchiveKey, b: ArchiveKey): number {
  for (const [index, value] of a.entries()) {
    const order = compareCodePoints(value, b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function tableOf(database: Database, entity: EntityName): Table<object> {
  return (database as unknown as Readonly<Record<EntityName, Table<object>>>)[entity];
}

/** Tables whose rows are not kept by one key. */
const OTHERS: Readonly<Partial<Record<EntityName, OtherTable>>> = {
  mappings: {
    find: ({ mappings }, row: Mapping) =>
      mappings
        .get(installationOf(row.tenantId, row.installationId), row.kind)
        ?.rows.get(row.sourceId),
    put: ({ mappings }, row: Mapping) => {
      mappings.put(installationOf(row.tenantId, row.installationId), row);
    },
  },
  records: {
    find: ({ records }, row: SyncRecord) => records.side(row)?.rows.get(row.externalId),
    put: ({ records }, row: SyncRecord) => {
      records.put(row);
    },
  },
};

interface OtherTable {
  find(database: Database, row: object): object | undefined;
  put(database: Database, row: object): void;
}

/** The row with this key, whoever owns it. */
function existing(database: Database, entity: EntityName, row: object): object | undefined {
  const other = OTHERS[entity];
  if (other) return other.find(database, row);
  return tableOf(database, entity).same(row);
}

function insert(database: Database, entity: EntityName, row: object): void {
  const other = OTHERS[entity];
  if (other) other.put(database, row);
  else tableOf(database, entity).insert(row);
}

/** The rows of tenants by the catalogue. */
export class MemoryTenantArchive implements TenantArchive {
  constructor(
    private readonly access: Access,
    private readonly sealer: Sealer,
  ) {}

  async openReader(): Promise<ArchiveReader> {
    return {
      read: (tenantId, entity, options) => this.#read(tenantId, entity, options),
      count: async (tenantId, entity) => (await this.#rows(tenantId, entity)).length,
      close: async () => undefined,
    };
  }

  async write(
    tenantId: TenantId,
    entity: EntityName,
    rows: readonly ArchiveRow[],
  ): Promise<ArchiveWritten> {
    const { tenant } = describedEntity(entity);
    if (rows.some((row) => row[tenant ?? ''] !== tenantId)) {
      const message = `a row belongs to another tenant than '${tenantId}'`;
      throw new ValidationError(`What is written to ${entity}`, [{ path: '', message }]);
    }
    const sealed = await Promise.all(rows.map((row) => this.#seal(entity, row)));
    const found = await this.access.run((database) =>
      sealed.map((fields) => {
        const row = rowOf(entity, fields);
        const kept = existing(database, entity, row);
        if (!kept) insert(database, entity, row);
        return kept ? fieldsOf(entity, kept) : null;
      }),
    );
    return this.#compare(entity, rows, found);
  }

  async #compare(
    entity: EntityName,
    rows: readonly ArchiveRow[],
    found: readonly (ArchiveRow | null)[],
  ): Promise<ArchiveWritten> {
    const { tenant } = describedEntity(entity);
    const different: ArchiveKey[] = [];
    let inserted = 0;
    for (const [index, row] of rows.entries()) {
      const kept = found[index] ?? null;
      if (kept === null) inserted += 1;
      else if (
        kept[tenant ?? ''] !== row[tenant ?? ''] ||
        !sameArchiveRow(entity, row, await this.#open(entity, kept))
      ) {
        different.push(archiveKeyOf(entity, row));
      }
    }
    return { inserted, equal: rows.length - inserted - different.length, different };
  }

  async *#read(
    tenantId: TenantId,
    entity: EntityName,
    { after, pageSize }: ArchiveReadOptions,
  ): AsyncIterable<readonly ArchiveRow[]> {
    const keyed = (await this.#rows(tenantId, entity))
      .map((row) => ({ row, key: archiveKeyOf(entity, row) }))
      .filter(({ key }) => after === null || compareKeys(key, after) > 0)
      .sort((a, b) => compareKeys(a.key, b.key));
    for (let start = 0; start < keyed.length; start += pageSize) {
      const page = keyed.slice(start, start + pageSize);
      yield await Promise.all(page.map(({ row }) => this.#open(entity, row)));
    }
  }

  #rows(tenantId: TenantId, entity: EntityName): Promise<readonly ArchiveRow[]> {
    const { tenant } = describedEntity(entity);
    return this.access.run((database) => {
      const rows: ArchiveRow[] = [];
      for (const row of tableOf(database, entity).all()) {
        if ((row as Fields)[tenant ?? ''] === tenantId) rows.push(fieldsOf(entity, row));
      }
      return rows;
    });
  }

  async #seal(entity: EntityName, row: ArchiveRow): Promise<Fields> {
    return this.#eachSecret(entity, row, (value, context) =>
      this.sealer.seal(value as Secret<JsonValue>, context),
    );
  }

  async #open(entity: EntityName, row: ArchiveRow): Promise<ArchiveRow> {
    const opened = await this.#eachSecret(entity, row, (value, context) =>
      this.sealer.open(value as Sealed<JsonValue>, context),
    );
    return opened as ArchiveRow;
  }

  async #eachSecret(
    entity: EntityName,
    row: ArchiveRow,
    change: (value: unknown, context: EncryptionContext) => Promise<unknown>,
  ): Promise<Fields> {
    const result: Record<string, unknown> = { ...row };
    for (const field of secretNames(entity)) {
      const value = row[field] ?? null;
      if (value !== null) result[field] = await change(value, secretPlaceOf(entity, field, row));
    }
    return result;
  }
}
