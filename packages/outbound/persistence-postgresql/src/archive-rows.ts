import {
  archiveRowText,
  canonicalJson,
  describedEntity,
  givenRowText,
  Secret,
  secretNames,
  secretPlaceOf,
} from '@tenon/core';
import type {
  ArchiveRow,
  ArchiveValue,
  Encryptor,
  EntityName,
  FieldType,
  JsonValue,
} from '@tenon/core';

/** One row as the driver gives it: a text, or null, for each field of the catalogue. */
export type TextRow = readonly (string | null)[];

type Decode = (text: string) => ArchiveValue;

const asIs = (text: string): string => text;
const asText: Decode = (text) => text;
const asJson: Decode = (text) => JSON.parse(text) as JsonValue;

const DECODE: Readonly<Record<FieldType, Decode>> = {
  id: asText,
  text: asText,
  ids: asJson,
  texts: asJson,
  json: asJson,
  whole: Number,
  whole64: BigInt,
  flag: (text) => text === 't',
  moment: (text) => new Date(Math.round(Number(text) * 1_000)),
  // Encrypted still.
  secret: asText,
};

/** Rows that were written together often have the same moment. */
let lastEpoch = '';
let lastMoment = '';

function momentText(epoch: string): string {
  if (epoch !== lastEpoch) {
    lastMoment = `"${new Date(Math.round(Number(epoch) * 1_000)).toISOString()}"`;
    lastEpoch = epoch;
  }
  return lastMoment;
}

const jsonText = (text: string): string => canonicalJson(JSON.parse(text));

/** From the driver's text to that of an archive, without the value between. */
const SHOW: Readonly<Record<Exclude<FieldType, 'secret'>, (text: string) => string>> = {
  id: (text) => `"${text}"`,
  text: (text) => JSON.stringify(text),
  ids: (text) => canonicalJson((JSON.parse(text) as string[]).sort()),
  texts: jsonText,
  json: jsonText,
  whole: asIs,
  whole64: (text) => `"${text}"`,
  flag: (text) => (text === 't' ? 'true' : 'false'),
  moment: momentText,
};

interface Field {
  readonly name: string;
  readonly decode: Decode;
  /** What stands before the value in the text of a row: `,"name":`. */
  readonly head: string;
  readonly show: (text: string) => string;
}

const FIELDS = new Map<EntityName, readonly Field[]>();

function fieldsOf(entity: EntityName): readonly Field[] {
  const known =
    FIELDS.get(entity) ??
    Object.entries(describedEntity(entity).fields).map(([name, { type }], index) => ({
      name,
      decode: DECODE[type],
      head: `${index === 0 ? '' : ','}${JSON.stringify(name)}:`,
      show: type === 'secret' ? () => '"[secret]"' : SHOW[type],
    }));
  FIELDS.set(entity, known);
  return known;
}

/** Reads and writes the rows of one entity; secrets through the encryptor. */
export class ArchiveRows {
  readonly #secrets: readonly string[];

  constructor(
    private readonly entity: EntityName,
    private readonly encryptor: Encryptor,
  ) {
    this.#secrets = secretNames(entity);
  }

  /** The rows with their secrets opened. */
  async decode(texts: readonly TextRow[]): Promise<readonly ArchiveRow[]> {
    const rows = this.read(texts);
    if (this.#secrets.length === 0) return rows;
    const opened: ArchiveRow[] = [];
    for (const row of rows) opened.push(await this.open(row));
    return opened;
  }

  /** The rows with their secrets as they are kept. */
  read(texts: readonly TextRow[]): readonly ArchiveRow[] {
    const fields = fieldsOf(this.entity);
    return texts.map((row) => {
      const result: Record<string, ArchiveValue> = {};
      let index = 0;
      for (const { name, decode } of fields) {
        const text = row[index] ?? null;
        result[name] = text === null ? null : decode(text);
        index += 1;
      }
      return result;
    });
  }

  /** The rows as `archiveRowText`, of an entity without secrets. */
  texts(rows: readonly TextRow[]): readonly string[] {
    const fields = fieldsOf(this.entity);
    // Joined, not added: strings that were added keep their pieces until somebody looks at them.
    const pieces: string[] = ['{'];
    return rows.map((row) => {
      let at = 1;
      for (const [index, { head, show }] of fields.entries()) {
        const value = row[index] ?? null;
        pieces[at] = head;
        pieces[at + 1] = value === null ? 'null' : show(value);
        at += 2;
      }
      pieces[at] = '}';
      return pieces.join('');
    });
  }

  /** The rows as one JSON array, with secrets encrypted. */
  async encode(rows: readonly ArchiveRow[]): Promise<string> {
    if (this.#secrets.length === 0) {
      return `[${rows.map((row) => givenRowText(this.entity, row)).join(',')}]`;
    }
    const texts: string[] = [];
    for (const row of rows) texts.push(archiveRowText(this.entity, row, await this.#seal(row)));
    return `[${texts.join(',')}]`;
  }

  async open(row: ArchiveRow): Promise<ArchiveRow> {
    const opened: Record<string, ArchiveValue> = { ...row };
    for (const name of this.#secrets) {
      const sealed = row[name] ?? null;
      if (sealed === null) continue;
      const place = secretPlaceOf(this.entity, name, row);
      const text = await this.encryptor.decrypt(sealed as string, place);
      opened[name] = new Secret(JSON.parse(text) as JsonValue);
    }
    return opened;
  }

  async #seal(row: ArchiveRow): Promise<Record<string, string>> {
    const result: Record<string, string> = {};
    for (const name of this.#secrets) {
      const value = row[name] ?? null;
      if (!(value instanceof Secret)) continue;
      const place = secretPlaceOf(this.entity, name, row);
      const text = await this.encryptor.encrypt(canonicalJson(value.reveal()), place);
      result[name] = JSON.stringify(text);
    }
    return result;
  }
}

/** For the driver: every value as the text that came. */
export const AS_TEXTS = { rowMode: 'array', types: { getTypeParser: () => asIs } } as const;
