import {
  keyIdOf,
  reencryptValues,
  SEALED_HEAD_CHARS,
  secretFieldPlace,
  type Encryptor,
  type KeyCount,
  type ReencryptedBatch,
  type ReencryptedValue,
  type SealedValue,
  type SecretBatch,
  type SecretBatchProgress,
  type SecretFields,
} from '@tenon/core';
import { above } from './filter.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

interface Head {
  readonly _id: string;
  readonly head: string | null;
}

/** What comes after the batch's start, in the order of ids. */
function afterStart({ after }: SecretBatch): { readonly id?: ReturnType<typeof above> } {
  if (after === null) return {};
  if (!areIds(after)) throw new RangeError(`'${after}' is no id of a row`);
  return { id: above(after) };
}

/** Works on one field of the catalogue in all tenants. */
export class MongodbSecretFields implements SecretFields {
  readonly #session: Session;
  readonly #encryptor: Encryptor;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#encryptor = encryptor;
  }

  /** Of long values the server sends the beginning alone. */
  async countByKey(
    batch: SecretBatch,
  ): Promise<SecretBatchProgress & { readonly counts: readonly KeyCount[] }> {
    const { entity, field, limit } = batch;
    secretFieldPlace(batch);
    const value = `$${field}`;
    const beginning = { $substrCP: [value, 0, SEALED_HEAD_CHARS] };
    const heads = await new Rows(this.#session, entity)
      .acrossTenants()
      .aggregate<Head>(afterStart(batch), [
        { $sort: { _id: 1 } },
        { $limit: limit },
        { $project: { head: { $cond: [{ $eq: [value, null] }, null, beginning] } } },
      ]);
    const counts = new Map<string | null, number>();
    for (const { head } of heads) {
      if (head === null) continue;
      const keyId = keyIdOf(head);
      counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
    }
    return {
      scanned: heads.length,
      next: heads.length < limit ? null : (heads.at(-1)?._id ?? null),
      counts: [...counts].map(([keyId, rows]) => ({ keyId, rows })),
    };
  }

  async reencrypt(batch: SecretBatch & { readonly keyId: string }): Promise<ReencryptedBatch> {
    const { entity, field, limit, keyId } = batch;
    const place = secretFieldPlace(batch);
    const order = { sort: { _id: 1 }, limit } as const;
    const rows = await new Rows(this.#session, entity)
      .acrossTenants()
      .find(afterStart(batch), order);
    const values = rows.map((row) => ({
      id: row['id'] as string,
      tenantId: row[place.tenantField] as string,
      text: row[field] as string | null,
    }));
    const others = values.filter(
      (value): value is SealedValue => value.text !== null && keyIdOf(value.text) !== keyId,
    );
    const { changes, unreadable } = await reencryptValues(this.#encryptor, place, others);
    const rewritten = await this.#write(batch, changes);
    return {
      scanned: rows.length,
      next: rows.length < limit ? null : (values.at(-1)?.id ?? null),
      rewritten,
      outrun: changes.length - rewritten,
      unreadable,
    };
  }

  /** Compares with what was read: a row that somebody changed meanwhile is left alone. */
  async #write(
    { entity, field }: SecretBatch,
    changes: readonly ReencryptedValue[],
  ): Promise<number> {
    if (changes.length === 0) return 0;
    const bulk = changes.map(({ id, before, after }) => ({
      id,
      filter: { [field]: before },
      change: { set: { [field]: after } },
    }));
    return (await new Rows(this.#session, entity).acrossTenants().bulk(bulk)).matched;
  }
}
