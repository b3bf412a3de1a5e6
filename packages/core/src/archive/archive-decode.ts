import type { EncryptionContext, Encryptor } from '../platform/encryptor.port.js';
import type { EntityName } from '../platform/entities.js';
import type { FieldType } from '../platform/entity-catalogue.js';
import type { JsonValue } from '../platform/json.js';
import { Secret } from '../platform/secret.js';
import { describedEntity, secretPlaceOf } from './archive-entities.js';
import { secretNames, secretText, TextRow } from './archive-row.js';
import type { ShownSecrets } from './archive-row.js';
import type { ArchiveRow, ArchiveValue } from './tenant-archive.port.js';

/** Undefined when the value is none of the type. */
type Decode = (value: JsonValue) => ArchiveValue | undefined;

const text: Decode = (value) => (typeof value === 'string' ? value : undefined);
const list: Decode = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;

const MOMENT = /^(\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Rows that were written together often have the same moment. */
let lastText = '';
let lastMs = 0;

function momentOf(value: JsonValue): Date | undefined {
  if (typeof value !== 'string') return undefined;
  if (value !== lastText) {
    const ms = MOMENT.test(value) ? Date.parse(value) : NaN;
    if (Number.isNaN(ms)) return undefined;
    [lastText, lastMs] = [value, ms];
  }
  return new Date(lastMs);
}

const DECODE: Readonly<Record<FieldType, Decode>> = {
  id: text,
  text,
  ids: list,
  texts: list,
  whole: (value) => (Number.isSafeInteger(value) ? value : undefined),
  whole64: (value) =>
    typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined,
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
  json: (value) => value,
  moment: momentOf,
  // Encrypted with the archive's key.
  secret: text,
};

interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly optional: boolean;
  readonly decode: Decode;
}

function fieldsOf(entity: EntityName): readonly Field[] {
  return Object.entries(describedEntity(entity).fields).map(([name, { type, optional }]) => ({
    name,
    type,
    optional,
    decode: DECODE[type],
  }));
}

/** A row of an archive that does not fit. */
export class UnfitRow extends Error {}

function unknownField(given: object, fields: readonly Field[]): UnfitRow {
  const unknown = Object.keys(given).find((name) => !fields.some((field) => field.name === name));
  return new UnfitRow(`a row has the unknown field '${unknown ?? ''}'`);
}

/** Reads the rows of one entity from their JSON, and opens their secrets. */
export class ArchiveDecoder {
  readonly #fields: readonly Field[];
  readonly #secrets: readonly string[];

  constructor(
    private readonly entity: EntityName,
    private readonly encryptor: Encryptor | null,
  ) {
    this.#fields = fieldsOf(entity);
    this.#secrets = secretNames(entity);
  }

  /** Whether rows hold secrets, so that their text is none of their content. */
  get hasSecrets(): boolean {
    return this.#secrets.length > 0;
  }

  /** @throws UnfitRow naming the field. */
  parse(json: string): ArchiveRow {
    let given: Readonly<Record<string, JsonValue>>;
    try {
      given = JSON.parse(json) as typeof given;
    } catch {
      throw new UnfitRow('a row is no JSON');
    }
    const row = new TextRow(json);
    let known = 0;
    for (const field of this.#fields) {
      const value = given[field.name];
      if (value !== undefined) known += 1;
      const decoded = (value ?? null) === null ? null : field.decode(value as JsonValue);
      if (decoded === undefined || (decoded === null && !field.optional)) {
        throw new UnfitRow(`the field '${field.name}' of a row is no ${field.type}`);
      }
      row[field.name] = decoded;
    }
    if (Object.keys(given).length !== known) throw unknownField(given, this.#fields);
    return row;
  }

  /** Decrypts the secrets of a row. @throws UnfitRow for one that was changed or moved. */
  async open(row: ArchiveRow): Promise<ArchiveRow> {
    const { encryptor } = this;
    if (!this.hasSecrets || encryptor === null) return row;
    const opened: Record<string, ArchiveValue> = { ...row };
    for (const name of this.#secrets) {
      const sealed = row[name] ?? null;
      if (sealed !== null)
        opened[name] = await this.#decrypt(
          encryptor,
          sealed as string,
          secretPlaceOf(this.entity, name, row),
        );
    }
    return opened;
  }

  async #decrypt(
    encryptor: Encryptor,
    sealed: string,
    place: EncryptionContext,
  ): Promise<Secret<JsonValue>> {
    try {
      return new Secret(JSON.parse(await encryptor.decrypt(sealed, place)) as JsonValue);
    } catch {
      throw new UnfitRow(
        `the secret '${place.column}' of a row was changed, or moved from another row`,
      );
    }
  }
}

/** Encrypts the secrets of a row for an archive: JSON texts by field. */
export async function sealSecrets(
  entity: EntityName,
  row: ArchiveRow,
  encryptor: Encryptor,
): Promise<ShownSecrets> {
  const sealed: Record<string, string> = {};
  for (const name of secretNames(entity)) {
    const value = row[name] ?? null;
    if (value === null) continue;
    const place = secretPlaceOf(entity, name, row);
    sealed[name] = JSON.stringify(await encryptor.encrypt(secretText(value), place));
  }
  return sealed;
}
