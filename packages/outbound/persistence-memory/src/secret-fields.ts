import { keyIdOf, reencryptValues, secretFieldPlace } from '@tenon/core';
import type {
  Encryptor,
  KeyCount,
  ReencryptedBatch,
  ReencryptedValue,
  SealedValue,
  SecretBatch,
  SecretBatchProgress,
  SecretFieldName,
  SecretFields,
} from '@tenon/core';
import type { Access } from './access.js';
import type { Database } from './database.js';
import type { Table } from './table.js';

/** The values of a batch; null where a row has none, or keeps it as it is because nothing encrypts. */
interface Batch extends SecretBatchProgress {
  readonly values: readonly SealedValue[];
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export class MemorySecretFields implements SecretFields {
  constructor(
    private readonly access: Access,
    private readonly encryptor: Encryptor | undefined,
  ) {}

  async countByKey(
    batch: SecretBatch,
  ): Promise<SecretBatchProgress & { readonly counts: readonly KeyCount[] }> {
    const { values, scanned, next } = await this.#read(batch);
    const rows = new Map<string | null, number>();
    for (const { text } of values) rows.set(keyIdOf(text), (rows.get(keyIdOf(text)) ?? 0) + 1);
    return {
      scanned,
      next,
      counts: Array.from(rows, ([keyId, count]) => ({ keyId, rows: count })),
    };
  }

  async reencrypt(batch: SecretBatch & { readonly keyId: string }): Promise<ReencryptedBatch> {
    const { values, scanned, next } = await this.#read(batch);
    const others = values.filter(({ text }) => keyIdOf(text) !== batch.keyId);
    if (!this.encryptor || others.length === 0) {
      return { scanned, next, rewritten: 0, outrun: 0, unreadable: [] };
    }
    const place = secretFieldPlace(batch);
    const { changes, unreadable } = await reencryptValues(this.encryptor, place, others);
    const rewritten = await this.access.run(
      (database) => changes.filter((change) => replace(database, batch, change)).length,
    );
    return { scanned, next, rewritten, outrun: changes.length - rewritten, unreadable };
  }

  async #read(batch: SecretBatch): Promise<Batch> {
    const { after, limit, field } = batch;
    const { tenantField } = secretFieldPlace(batch);
    const rows = await this.access.run((database) =>
      Array.from(tableOf(database, batch).all())
        .filter(({ id }) => after === null || id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit + 1)
        .map((row) => ({ id: row.id, tenantId: row[tenantField], text: row[field] })),
    );
    const seen = rows.slice(0, limit);
    const next = rows.length > limit ? (seen.at(-1)?.id ?? null) : null;
    const values = seen.filter(
      (row): row is SealedValue => typeof row.text === 'string' && typeof row.tenantId === 'string',
    );
    return { scanned: seen.length, next, values };
  }
}

/** The rows of an entity that has secrets: those have ids, and one table by the entity's name. */
function tableOf(database: Database, { entity }: SecretFieldName): Table<Row> {
  return database[entity as keyof Database] as unknown as Table<Row>;
}

function replace(
  database: Database,
  name: SecretFieldName,
  { id, before, after }: ReencryptedValue,
): boolean {
  const table = tableOf(database, name);
  const current = table.get(id);
  if (current?.[name.field] !== before) return false;
  table.put({ ...current, [name.field]: after });
  return true;
}
