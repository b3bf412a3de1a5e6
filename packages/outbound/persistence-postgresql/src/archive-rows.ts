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

const COPY_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};
const COPY_SPECIAL = /[\\\t\n\r]/;

/** Text for `COPY`, whose columns end with a tab and whose rows end with a line break. */
function copyText(text: string): string {
  if (!COPY_SPECIAL.test(text)) return text;
  return text.replace(/[\\\t\n\r]/g, (special) => COPY_ESCAPES[special] ?? special);
}

/** `{"a","b"}`, with the escapes of an array within those of a copy. */
function copyArray(value: ArchiveValue): string {
  const each = (value as readonly string[]).map(
    (text) => `"${text.replace(/["\\]/g, (special) => `\\${special}`)}"`,
  );
  return copyText(`{${each.join(',')}}`);
}

let lastCopied = NaN;
let lastCopiedText = '';

function copyMoment(value: ArchiveValue): string {
  const moment = (value as Date).getTime();
  if (moment !== lastCopied) {
    lastCopiedText = (value as Date).toISOString();
    lastCopied = moment;
  }
  return lastCopiedText;
}

const COPIED: Readonly<Record<Exclude<FieldType, 'secret'>, (value: ArchiveValue) => string>> = {
  id: (value) => copyText(value as string),
  text: (value) => copyText(value as string),
  ids: copyArray,
  texts: copyArray,
  json: (value) => copyText(JSON.stringify(value)),
  whole: String,
  whole64: String,
  flag: (value) => (value === true ? 't' : 'f'),
  moment: copyMoment,
};

const PIECE_ROWS = 100;
/** Half a surrogate pair: no UTF-8 holds it. */
const HALF_PAIR = /\p{Surrogate}/u;

interface Field {
  readonly name: string;
  readonly decode: Decode;
  readonly copied: ((value: ArchiveValue) => string) | null;
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
      copied: type === 'secret' ? null : COPIED[type],
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
      let index = 0;
      for (const { head, show } of fields) {
        const value = row[index] ?? null;
        pieces[at] = head;
        pieces[at + 1] = value === null ? 'null' : show(value);
        at += 2;
        index += 1;
      }
      pieces[at] = '}';
      return pieces.join('');
    });
  }

  /** The rows as `COPY` takes them, with secrets encrypted; null when they hold what it would change. */
  async lines(rows: readonly ArchiveRow[]): Promise<readonly Uint8Array[] | null> {
    const fields = fieldsOf(this.entity);
    // Bytes, in small pieces: long strings that wait for the database grow old in memory.
    const bytes: Uint8Array[] = [];
    let pieces: string[] = [];
    for (const [index, row] of rows.entries()) {
      const sealed = this.#secrets.length === 0 ? null : await this.#seal(row);
      let before = '';
      for (const { name, copied } of fields) {
        const value = copied ? (row[name] ?? null) : (sealed?.[name] ?? null);
        pieces.push(before, value === null ? '\\N' : copied ? copied(value) : (value as string));
        before = '\t';
      }
      pieces.push('\n');
      if ((index + 1) % PIECE_ROWS !== 0 && index < rows.length - 1) continue;
      const text = pieces.join('');
      if (HALF_PAIR.test(text)) return null;
      bytes.push(Buffer.from(text));
      pieces = [];
    }
    return bytes;
  }

  /** The rows as one JSON array, with secrets encrypted. */
  async encode(rows: readonly ArchiveRow[]): Promise<string> {
    if (this.#secrets.length === 0) {
      return `[${rows.map((row) => givenRowText(this.entity, row)).join(',')}]`;
    }
    const texts: string[] = [];
    for (const row of rows) {
      const sealed = Object.entries(await this.#seal(row));
      const shown = sealed.map(([name, text]) => [name, JSON.stringify(text)] as const);
      texts.push(archiveRowText(this.entity, row, Object.fromEntries(shown)));
    }
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
      result[name] = await this.encryptor.encrypt(canonicalJson(value.reveal()), place);
    }
    return result;
  }
}

/** For the driver: every value as the text that came. */
export const AS_TEXTS = { rowMode: 'array', types: { getTypeParser: () => asIs } } as const;
