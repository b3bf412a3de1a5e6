import {
  entities,
  ValidationError,
  type EntityDescription,
  type EntityName,
  type FieldDescription,
} from '@tenon/core';
import type { Stored } from './change.js';
import { checkText } from './values.js';

/** A stored document. */
export interface StoredDocument {
  readonly _id: string;
  readonly [field: string]: unknown;
}

/**
 * What a composite `_id` is made of, where that is more than the key: owners first, so that all that an owner has lies together
 * and statements that insert name the tenant.
 */
const KEY_PARTS: Partial<Record<EntityName, readonly string[]>> = {
  mappings: ['tenantId', 'installationId', 'kind', 'sourceId'],
  records: ['tenantId', 'syncId', 'side', 'externalId'],
};

/** JSON that is kept as documents, because a statement computes with it. */
const STRUCTURED: Partial<Record<EntityName, readonly string[]>> = {
  installations: ['messages'],
};

/** Stands between the parts of an `_id`. Below every other character, so that `_id`s are in the order of their parts. */
const SEPARATOR = '\u0000';
const AFTER_SEPARATOR = '\u0001';

type KeyPart = string | number | Date;

/** Moments as ISO text, which is in their order. */
const partText = (part: KeyPart): string =>
  part instanceof Date ? part.toISOString() : String(part);

/** Begin of the `_id`s of everything below these parts. @throws ValidationError for parts with U+0000. */
export function keyPrefix(parts: readonly KeyPart[]): string {
  const texts = parts.map(partText);
  if (texts.some((part) => part.includes(SEPARATOR))) {
    const message = 'no key but the last part of one has the character U+0000';
    throw new ValidationError('The value to store', [{ path: '', message }]);
  }
  return texts.map((part) => part + SEPARATOR).join('');
}

/** Where the `_id`s with this prefix end. */
export function prefixEnd(prefix: string): string {
  return prefix.slice(0, -1) + AFTER_SEPARATOR;
}

/** The `_id` of a composite key. */
export function compositeKey(parts: readonly KeyPart[]): string {
  const last = parts.at(-1);
  return keyPrefix(parts.slice(0, -1)) + (last === undefined ? '' : partText(last));
}

/** JSON as text: any member names, any depth, and never read as an operator. */
function toJsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

type Convert = (value: unknown) => unknown;

const same: Convert = (value) => value;
const text: Convert = (value) => (typeof value === 'string' ? checkText(value) : value);
const list: Convert = (value) => (value as readonly string[]).map(checkText);
/** The driver reads what fits as a number, and the rest as an object that prints its digits. */
const toBigInt: Convert = (value) =>
  value === null ? null : BigInt((value as { toString(): string }).toString());

const TO_STORED: Partial<Record<FieldDescription['type'], Convert>> = {
  text,
  secret: text,
  texts: list,
  ids: list,
  json: toJsonText,
};

const FROM_STORED: Partial<Record<FieldDescription['type'], Convert>> = {
  json: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : null),
  whole64: toBigInt,
};

/** Between rows, as the catalogue describes them, and documents. */
export class DocumentCodec {
  readonly entity: EntityDescription;
  readonly keyParts: readonly string[];
  readonly #structured: readonly string[];
  readonly #fields: readonly (readonly [name: string, write: Convert, read: Convert])[];

  constructor(name: EntityName) {
    const entity: EntityDescription = entities[name];
    this.entity = entity;
    this.keyParts = KEY_PARTS[name] ?? entity.key;
    this.#structured = STRUCTURED[name] ?? [];
    this.#fields = Object.entries(entity.fields).map(([field, { type }]) =>
      this.#structured.includes(field)
        ? [field, same, same]
        : [field, TO_STORED[type] ?? same, FROM_STORED[type] ?? same],
    );
  }

  /** Name of a field in documents. */
  nameOf(field: string): string {
    return this.keyParts.length === 1 && field === this.keyParts[0] ? '_id' : field;
  }

  /** The `_id` of a row. */
  idOf(row: object): string {
    return compositeKey(this.keyParts.map((part) => (row as Record<string, KeyPart>)[part] ?? ''));
  }

  /** Fields as they are stored; those that `row` does not have are left out. */
  stored(row: object): Record<string, Stored> {
    const given = row as Record<string, unknown>;
    const fields: Record<string, Stored> = {};
    for (const [field, write] of this.#fields) {
      if (given[field] !== undefined) fields[field] = write(given[field]) as Stored;
    }
    return fields;
  }

  /** The whole document of a row; absent fields are null. */
  document(row: object): StoredDocument {
    const given = row as Record<string, unknown>;
    const document: Record<string, unknown> = { _id: this.idOf(row) };
    for (const [field, write] of this.#fields) {
      if (this.nameOf(field) === field) document[field] = write(given[field] ?? null);
    }
    return document as unknown as StoredDocument;
  }

  /** The row of a document. */
  row(document: StoredDocument): Record<string, unknown> {
    const row: Record<string, unknown> = {};
    for (const [field, , read] of this.#fields) {
      row[field] = read(document[this.nameOf(field)] ?? null);
    }
    return row;
  }
}

const codecs = new Map<EntityName, DocumentCodec>();

/** The codec of an entity. */
export function codecOf(name: EntityName): DocumentCodec {
  const known = codecs.get(name) ?? new DocumentCodec(name);
  codecs.set(name, known);
  return known;
}
