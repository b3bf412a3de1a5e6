import {
  archiveKeyOf,
  sameArchiveRow,
  ValidationError,
  type ArchiveKey,
  type ArchiveReader,
  type ArchiveRow,
  type ArchiveWritten,
  type Encryptor,
  type EntityName,
  type TenantArchive,
  type TenantId,
} from '@tenon/core';
import { MongodbArchiveReader } from './archive-reader.js';
import { ArchiveRows, tenantFieldOf } from './archive-rows.js';
import { among } from './filter.js';
import { addToCount, countSteps } from './row-count.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import type { Session } from './session.js';

/** The rows of tenants by the catalogue. */
export class MongodbTenantArchive implements TenantArchive {
  readonly #session: Session;
  readonly #encryptor: Encryptor;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#encryptor = encryptor;
  }

  async openReader(): Promise<ArchiveReader> {
    return new MongodbArchiveReader(this.#session, this.#encryptor);
  }

  async write(
    tenantId: TenantId,
    entity: EntityName,
    rows: readonly ArchiveRow[],
  ): Promise<ArchiveWritten> {
    if (rows.some((row) => row[tenantFieldOf(entity)] !== tenantId)) {
      const message = `a row belongs to another tenant than '${tenantId}'`;
      throw new ValidationError(`What is written to ${entity}`, [{ path: '', message }]);
    }
    if (rows.length === 0) return { inserted: 0, equal: 0, different: [] };
    const codec = new ArchiveRows(entity, this.#encryptor);
    const sealed = await Promise.all(rows.map((row) => codec.seal(row)));
    const found = await this.#session.wholly((session) =>
      insertMissing(session, entity, { tenantId, rows: sealed }),
    );
    const different = await this.#different(entity, { rows, found, codec });
    return { inserted: rows.length - found.size, equal: found.size - different.length, different };
  }

  async #different(
    entity: EntityName,
    {
      rows,
      found,
      codec,
    }: {
      readonly rows: readonly ArchiveRow[];
      readonly found: ReadonlyMap<string, Row>;
      readonly codec: ArchiveRows;
    },
  ): Promise<readonly ArchiveKey[]> {
    const tenant = tenantFieldOf(entity);
    const { codec: documents } = new Rows(this.#session, entity);
    const different: ArchiveKey[] = [];
    for (const row of rows) {
      const kept = found.get(documents.idOf(row));
      if (!kept) continue;
      const isForeign = kept[tenant] !== row[tenant];
      if (isForeign || !sameArchiveRow(entity, row, await codec.open(kept))) {
        different.push(archiveKeyOf(entity, row));
      }
    }
    return different;
  }
}

/** Inserts rows whose keys are not there; answers those that are, of whichever tenant. */
async function insertMissing(
  session: Session,
  entity: EntityName,
  { tenantId, rows }: { readonly tenantId: string; readonly rows: readonly Row[] },
): Promise<ReadonlyMap<string, Row>> {
  const all = new Rows(session, entity);
  const ids = rows.map((row) => all.codec.idOf(row));
  const known = await all.acrossTenants().find({ _id: among(ids) });
  const found = new Map(known.map((row) => [all.codec.idOf(row), row]));
  const missing = rows.filter((row) => !found.has(all.codec.idOf(row)));
  if (missing.length > 0) {
    await all.of(tenantId).insertMany(missing);
    for (const { of, step } of countSteps(entity, missing)) await addToCount(session, of, step);
  }
  return found;
}
