import type { Crypto } from '../platform/crypto.port.js';
import type { EntityName } from '../platform/entities.js';
import type { JsonValue } from '../platform/json.js';
import { utf8Length } from '../platform/utf8.js';
import { archiveDamaged, archiveTruncated } from './archive.errors.js';
import type { ArchivePlace } from './archive.errors.js';
import {
  assertReadable,
  BATCH_ROWS,
  checkLine,
  doneLine,
  endLine,
  HEADER,
  parseHeader,
  rowPrefix,
} from './archive-format.js';
import type { ArchiveHeader } from './archive-format.js';
import { canonicalJson } from './canonical-json.js';
import { EntityDigest } from './entity-digest.js';

/** A verified piece of an archive. */
export type ArchivePart =
  | { readonly kind: 'header'; readonly header: ArchiveHeader }
  | {
      readonly kind: 'batch';
      readonly entity: EntityName;
      /** JSON of each row. */
      readonly rows: readonly string[];
      /** Number of the first row's line. */
      readonly line: number;
    }
  | {
      readonly kind: 'end';
      readonly entity: EntityName;
      readonly rows: number;
      readonly sha256: string;
    }
  | { readonly kind: 'done'; readonly rows: number; readonly sha256: string };

/** Up to where an archive is known to be whole. */
export interface ArchivePosition {
  readonly chain: string;
  /** Lines since the last checksum that are no rows. */
  readonly pending: string;
  /** How many entities are complete. */
  readonly entities: number;
  /** Rows of the entity that is not. */
  readonly rows: number;
  readonly totalRows: number;
  readonly lastRow: string | null;
  readonly bytes: number;
}

/** Null where a row's content is its text. */
type Content = ((json: string) => string) | null;

/** A row's content without its secrets, for checksums that do not depend on the key. */
function contentOf(shapes: readonly string[]): Content {
  const fields = shapes.map((shape) => shape.split(':'));
  if (!fields.some(([, type]) => type?.startsWith('secret') === true)) return null;
  return (json) => {
    const row = JSON.parse(json) as Readonly<Record<string, JsonValue>>;
    const members = fields.map(([name = '', type = '']) => {
      const value = row[name] ?? null;
      const shown =
        type.startsWith('secret') && value !== null ? '"[secret]"' : canonicalJson(value);
      return `${JSON.stringify(name)}:${shown}`;
    });
    return `{${members.join(',')}}`;
  };
}

/** Follows an archive line by line; gives rows only once their checksum was compared. */
export class ArchiveVerifier {
  header: ArchiveHeader | null = null;
  position: ArchivePosition | null = null;
  finished = false;
  #first: ArchiveHeader | null = null;
  #line = 0;
  #bytes = 0;
  #chain = '';
  /** Lines since the last checksum that are no rows. */
  #pending = '';
  /** Rows since then: their lines, and their JSON. */
  #lines: string[] = [];
  #rows: string[] = [];
  #entities: readonly string[] = [];
  #index = 0;
  #entityRows = 0;
  #totalRows = 0;
  #lastRow: string | null = null;
  #content: Content = null;
  #prefix = '';
  digest: EntityDigest;

  constructor(
    private readonly crypto: Crypto,
    /** Whether {@link ArchivePosition.bytes} is needed. */
    private readonly countBytes = false,
  ) {
    this.digest = new EntityDigest(crypto);
  }

  /** One line, without its line break. @throws TenonError `ARCHIVE_DAMAGED`, `ARCHIVE_UNSUPPORTED`. */
  take(line: string): ArchivePart | null {
    this.#line += 1;
    if (this.countBytes) this.#bytes += utf8Length(line) + 1;
    if (this.finished) throw this.#damaged('something follows the last line');
    if (this.header === null) return this.#begin(line);
    if (line.startsWith(this.#prefix) && this.#prefix !== '') return this.#row(line);
    if (line.startsWith('{"check":')) return this.#check(line);
    if (line.startsWith('{"end":')) return this.#end(line);
    if (line.startsWith('{"done":')) return this.#done(line);
    throw this.#damaged('the line is none of an archive');
  }

  /** The text is over. @throws TenonError `ARCHIVE_TRUNCATED` before the last line. */
  end(): void {
    if (!this.finished) throw archiveTruncated(this.#place());
  }

  #place(): ArchivePlace {
    return { line: this.#line, entity: this.#entities[this.#index] ?? null };
  }

  #damaged(what: string) {
    return archiveDamaged(this.#place(), what);
  }

  #begin(line: string): ArchivePart | null {
    if (this.#first === null) {
      this.#first = parseHeader(line);
      this.#pending = `${line}\n`;
      return null;
    }
    const chain = this.crypto.sha256(this.#pending);
    if (`${line}\n` !== checkLine(HEADER, 0, chain)) {
      this.#line = 1;
      throw this.#damaged('the checksum of the first line does not fit');
    }
    assertReadable(this.#first);
    this.#chain = chain;
    this.#pending = '';
    this.header = this.#first;
    this.#entities = Object.keys(this.header.entities);
    this.#enter();
    this.#mark();
    return { kind: 'header', header: this.header };
  }

  #enter(): void {
    const entity = this.#entities[this.#index];
    this.digest = new EntityDigest(this.crypto);
    this.#entityRows = 0;
    this.#lastRow = null;
    this.#prefix = entity === undefined ? '' : rowPrefix(entity);
    this.#content = contentOf(this.header?.entities[entity ?? ''] ?? []);
  }

  #row(line: string): null {
    if (!line.endsWith('}') || this.#rows.length === BATCH_ROWS) {
      throw this.#damaged('a row is cut, or a checksum is missing');
    }
    this.#lines.push(line);
    this.#rows.push(line.slice(this.#prefix.length, -1));
    return null;
  }

  #check(line: string): ArchivePart {
    const entity = this.#entities[this.#index] ?? '';
    const rows = this.#rows;
    const count = this.#entityRows + rows.length;
    const hash = this.crypto.sha256(`${this.#lines.join('\n')}\n`);
    const chain = this.crypto.sha256(this.#chain + this.#pending + hash);
    if (rows.length === 0 || `${line}\n` !== checkLine(entity, count, chain)) {
      throw this.#damaged(`the checksum of the ${rows.length} rows before does not fit`);
    }
    const contents = this.#content === null ? null : rows.map(this.#content).join('\n');
    this.digest.add(contents === null ? hash : this.crypto.sha256(contents), rows.length);
    this.#lastRow = rows.at(-1) ?? null;
    this.#entityRows = count;
    this.#totalRows += rows.length;
    this.#chain = chain;
    this.#pending = '';
    this.#lines = [];
    this.#rows = [];
    this.#mark();
    return { kind: 'batch', entity: entity as EntityName, rows, line: this.#line - rows.length };
  }

  #end(line: string): ArchivePart {
    const entity = this.#entities[this.#index] ?? '';
    const rows = this.#entityRows;
    const sha256 = this.digest.finish();
    if (this.#rows.length > 0 || `${line}\n` !== endLine(entity, rows, sha256)) {
      throw this.#damaged(`the count or checksum of ${entity} does not fit`);
    }
    this.#pending += `${line}\n`;
    this.#index += 1;
    this.#enter();
    this.#mark();
    return { kind: 'end', entity: entity as EntityName, rows, sha256 };
  }

  #done(line: string): ArchivePart {
    const sha256 = this.crypto.sha256(this.#chain + this.#pending);
    const complete = this.#index === this.#entities.length && this.#rows.length === 0;
    if (!complete || `${line}\n` !== doneLine(this.#totalRows, sha256)) {
      throw this.#damaged('the checksum of the whole archive does not fit');
    }
    this.finished = true;
    return { kind: 'done', rows: this.#totalRows, sha256 };
  }

  #mark(): void {
    this.position = {
      chain: this.#chain,
      pending: this.#pending,
      entities: this.#index,
      rows: this.#entityRows,
      totalRows: this.#totalRows,
      lastRow: this.#lastRow,
      bytes: this.#bytes,
    };
  }
}

/** Verifies an archive that comes in pieces of any size. @throws what the verifier throws. */
export async function* verifiedParts(
  text: AsyncIterable<string>,
  verifier: ArchiveVerifier,
): AsyncGenerator<ArchivePart> {
  let rest = '';
  for await (const piece of text) {
    let start = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      const part = verifier.take(rest + piece.slice(start, end));
      rest = '';
      start = end + 1;
      if (part) yield part;
    }
    rest += piece.slice(start);
  }
  if (verifier.finished && rest !== '') verifier.take(rest);
  verifier.end();
}
