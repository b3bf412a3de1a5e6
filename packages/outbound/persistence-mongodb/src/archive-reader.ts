import type {
  ArchiveReader,
  ArchiveReadOptions,
  ArchiveRow,
  Encryptor,
  EntityName,
  TenantId,
} from '@tenon/core';
import { ArchiveRows } from './archive-rows.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { tenantRange } from './tenant-range.js';
import { areIds } from './values.js';

/**
 * Reads a tenant's rows page by page, each page as it is when it is read: a snapshot of the server would end after five minutes.
 */
export class MongodbArchiveReader implements ArchiveReader {
  readonly #session: Session;
  readonly #encryptor: Encryptor;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#encryptor = encryptor;
  }

  async *read(
    tenantId: TenantId,
    entity: EntityName,
    { after, pageSize }: ArchiveReadOptions,
  ): AsyncIterable<readonly ArchiveRow[]> {
    if (!areIds(tenantId)) return;
    const codec = new ArchiveRows(entity, this.#encryptor);
    const rows = new Rows(this.#session, entity);
    const order = { sort: { _id: 1 }, limit: pageSize } as const;
    let last = after === null ? null : idAfter(rows, tenantId, after);
    for (;;) {
      const filter = tenantRange(rows, tenantId, last);
      const page = await rows.of(tenantId).find(filter, order);
      const end = page.at(-1);
      if (!end) return;
      yield await Promise.all(page.map((row) => codec.open(row)));
      if (page.length < pageSize) return;
      last = rows.codec.idOf(end);
    }
  }

  async count(tenantId: TenantId, entity: EntityName): Promise<number> {
    if (!areIds(tenantId)) return 0;
    const rows = new Rows(this.#session, entity);
    return rows.of(tenantId).count(tenantRange(rows, tenantId, null));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The `_id` of the row with these values of its key. */
function idAfter(rows: Rows, tenantId: string, key: readonly string[]): string {
  const { entity } = rows.codec;
  const fields = entity.key.map((field, index) => {
    const text = key[index] ?? '';
    return [
      field,
      entity.fields[field]?.type === 'moment' ? new Date(JSON.parse(text) as string) : text,
    ] as const;
  });
  return rows.codec.idOf({ tenantId, ...Object.fromEntries(fields) });
}
