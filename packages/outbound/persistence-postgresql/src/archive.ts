import { archiveKeyOf, describedEntity, sameArchiveRow, ValidationError } from '@tenon/core';
import type {
  ArchiveKey,
  ArchiveReader,
  ArchiveRow,
  ArchiveWritten,
  Encryptor,
  EntityName,
  TenantArchive,
  TenantId,
} from '@tenon/core';
import { PostgresqlArchiveReader } from './archive-reader.js';
import { ArchiveRows, AS_TEXTS } from './archive-rows.js';
import { archiveStatements } from './archive.sql.js';
import type { BaseSession } from './base-session.js';
import type { PoolSession } from './pool-session.js';

/** The rows of tenants by the catalogue: cursors out, whole batches in. */
export class PostgresqlTenantArchive implements TenantArchive {
  readonly #pool: PoolSession;
  readonly #session: BaseSession;
  readonly #encryptor: Encryptor;

  /** Readers take connections of `pool`; rows are written through `rows`. */
  constructor(
    { pool, rows }: { readonly pool: PoolSession; readonly rows: BaseSession },
    encryptor: Encryptor,
  ) {
    this.#pool = pool;
    this.#session = rows;
    this.#encryptor = encryptor;
  }

  openReader(): Promise<ArchiveReader> {
    return PostgresqlArchiveReader.open(this.#pool, this.#encryptor);
  }

  async write(
    tenantId: TenantId,
    entity: EntityName,
    rows: readonly ArchiveRow[],
  ): Promise<ArchiveWritten> {
    const tenant = describedEntity(entity).tenant ?? '';
    if (rows.some((row) => row[tenant] !== tenantId)) {
      const message = `a row belongs to another tenant than '${tenantId}'`;
      throw new ValidationError(`What is written to ${entity}`, [{ path: '', message }]);
    }
    if (rows.length === 0) return { inserted: 0, equal: 0, different: [] };
    const codec = new ArchiveRows(entity, this.#encryptor);
    const { insert } = archiveStatements(entity);
    const inserted = await this.#session.run(insert, [await codec.encode(rows)]);
    const different = inserted === rows.length ? [] : await this.#different(entity, rows, codec);
    return { inserted, equal: rows.length - inserted - different.length, different };
  }

  /** Keys of given rows that are there otherwise. What was inserted just now is there as given. */
  async #different(
    entity: EntityName,
    rows: readonly ArchiveRow[],
    codec: ArchiveRows,
  ): Promise<readonly ArchiveKey[]> {
    const { key, tenant } = describedEntity(entity);
    const keyText = (row: ArchiveRow): string => archiveKeyOf(entity, row).join('/');
    const given = new Map(rows.map((row) => [keyText(row), row]));
    const keys = rows.map((row) => Object.fromEntries(key.map((field) => [field, row[field]])));
    const { text } = archiveStatements(entity).find;
    const found = await this.#session.send({ text, values: [JSON.stringify(keys)], ...AS_TEXTS });
    const different: ArchiveKey[] = [];
    for (const kept of codec.read(found.rows)) {
      const row = given.get(keyText(kept));
      if (!row) continue;
      const foreign = kept[tenant ?? ''] !== row[tenant ?? ''];
      if (foreign || !sameArchiveRow(entity, row, await codec.open(kept))) {
        different.push(archiveKeyOf(entity, row));
      }
    }
    return different;
  }
}
