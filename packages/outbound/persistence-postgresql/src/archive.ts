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
  TenonError,
} from '@tenon/core';
import { PostgresqlArchiveReader } from './archive-reader.js';
import { ArchiveRows, AS_TEXTS } from './archive-rows.js';
import { archiveStatements } from './archive.sql.js';
import type { BaseSession } from './base-session.js';
import type { PoolSession } from './pool-session.js';

/** Whether rows can be written in another way: some are there, or policies of row-level security forbid `COPY`. */
function isCopyRefused(error: unknown): boolean {
  const { code, cause } = error as TenonError;
  return (
    code === 'UNIQUE_CONFLICT' ||
    (cause as { readonly code?: string } | undefined)?.code === '0A000'
  );
}

/** The rows of tenants by the catalogue: cursors out, whole batches in. */
export class PostgresqlTenantArchive implements TenantArchive {
  readonly #pool: PoolSession;
  readonly #session: BaseSession;
  readonly #encryptor: Encryptor;
  /** Whether the next rows may be new, all of them. */
  #copies: boolean;

  /** Readers take connections of `pool`; rows are written through `rows`. */
  constructor(
    { pool, rows }: { readonly pool: PoolSession; readonly rows: BaseSession },
    encryptor: Encryptor,
  ) {
    this.#pool = pool;
    this.#session = rows;
    this.#encryptor = encryptor;
    this.#copies = pool === rows;
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
    const inserted = await this.#add(entity, rows, codec);
    const different = inserted === rows.length ? [] : await this.#different(entity, rows, codec);
    return { inserted, equal: rows.length - inserted - different.length, different };
  }

  /**
   * New rows are copied, which costs the server half of what insertion does. Once some were there already, as when an import is
   * gone on with, rows are inserted until all were new again.
   */
  async #add(entity: EntityName, rows: readonly ArchiveRow[], codec: ArchiveRows): Promise<number> {
    const { copy, insert } = archiveStatements(entity);
    const lines = this.#copies ? await codec.lines(rows) : null;
    if (lines !== null) {
      try {
        return await this.#pool.copy(copy, lines);
      } catch (error) {
        if (!isCopyRefused(error)) throw error;
      }
    }
    const inserted = await this.#session.run(insert, [await codec.encode(rows)]);
    this.#copies = inserted === rows.length && this.#pool === this.#session;
    return inserted;
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
