import {
  describedEntity,
  secret,
  secretNames,
  secretPlaceOf,
  type ArchiveRow,
  type Encryptor,
  type EntityName,
  type JsonValue,
  type Secret,
} from '@tenon/core';
import type { Row } from './scoped-reads.js';

interface Message {
  readonly at: Date | string;
}

/** Between rows as they are kept and rows of an archive: secrets are opened, and messages are JSON. */
export class ArchiveRows {
  readonly #entity: EntityName;
  readonly #encryptor: Encryptor;

  constructor(entity: EntityName, encryptor: Encryptor) {
    this.#entity = entity;
    this.#encryptor = encryptor;
  }

  #withMessages(row: Row, change: (at: Date | string) => Date | string): Row {
    if (this.#entity !== 'installations') return row;
    const messages = row['messages'] as readonly Message[];
    return { ...row, messages: messages.map((each) => ({ ...each, at: change(each.at) })) };
  }

  /** @throws what the encryptor throws. */
  async open(row: Row): Promise<ArchiveRow> {
    const plain = this.#withMessages(row, (at) => (at as Date).toISOString());
    const opened: Row = { ...plain };
    for (const field of secretNames(this.#entity)) {
      const text = plain[field];
      if (typeof text !== 'string') continue;
      const place = secretPlaceOf(this.#entity, field, plain as ArchiveRow);
      const value: unknown = JSON.parse(await this.#encryptor.decrypt(text, place));
      opened[field] = secret(value as JsonValue);
    }
    return opened as ArchiveRow;
  }

  async seal(row: ArchiveRow): Promise<Row> {
    const sealed: Row = { ...row };
    for (const field of secretNames(this.#entity)) {
      const value = (row[field] ?? null) as Secret<JsonValue> | null;
      if (value === null) continue;
      const place = secretPlaceOf(this.#entity, field, row);
      sealed[field] = await this.#encryptor.encrypt(JSON.stringify(value.reveal()), place);
    }
    return this.#withMessages(sealed, (at) => new Date(at));
  }
}

/** Name of the tenant's field. */
export function tenantFieldOf(entity: EntityName): string {
  return describedEntity(entity).tenant ?? '';
}
