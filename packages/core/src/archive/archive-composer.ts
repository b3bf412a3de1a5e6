import type { Crypto } from '../platform/crypto.port.js';
import type { EntityName } from '../platform/entities.js';
import {
  BATCH_CHARS,
  BATCH_ROWS,
  checkLine,
  doneLine,
  endLine,
  HEADER,
  rowLine,
} from './archive-format.js';
import type { ArchivePosition } from './archive-verifier.js';
import { EntityDigest } from './entity-digest.js';

/** Puts the lines of an archive together. What it answers is written as it is, one after another. */
export class ArchiveComposer {
  #chain = '';
  /** Lines since the last checksum. */
  #pending = '';
  #lines: string[] = [];
  #chars = 0;
  #digest: EntityDigest;
  rows = 0;
  totalRows = 0;

  constructor(private readonly crypto: Crypto) {
    this.#digest = new EntityDigest(crypto);
  }

  /** Goes on after what a verifier found to be whole. */
  static after(crypto: Crypto, position: ArchivePosition, digest: EntityDigest): ArchiveComposer {
    const composer = new ArchiveComposer(crypto);
    composer.#chain = position.chain;
    composer.#pending = position.pending;
    composer.#digest = digest;
    composer.rows = position.rows;
    composer.totalRows = position.totalRows;
    return composer;
  }

  /** The first line, with a checksum of its own: it is acted on before there are rows. */
  header(line: string): string {
    this.#chain = this.crypto.sha256(line);
    return line + checkLine(HEADER, 0, this.#chain);
  }

  /** A row as the archive has it, and its content without secrets. Answers a batch when it is full. */
  row(entity: EntityName, text: string, content: string): string | null {
    const line = rowLine(entity, text);
    this.#lines.push(line);
    this.#chars += line.length;
    this.#digest.add(content);
    this.rows += 1;
    this.totalRows += 1;
    return this.#lines.length === BATCH_ROWS || this.#chars >= BATCH_CHARS
      ? this.#batch(entity)
      : null;
  }

  /** What is left of an entity, and its last line. */
  end(entity: EntityName): string {
    const left = this.#lines.length > 0 ? this.#batch(entity) : '';
    const line = endLine(entity, this.rows, this.#digest.finish());
    this.#pending += line;
    this.#digest = new EntityDigest(this.crypto);
    this.rows = 0;
    return left + line;
  }

  /** The last line, and the checksum in it. */
  done(): { readonly text: string; readonly sha256: string } {
    const sha256 = this.crypto.sha256(this.#chain + this.#pending);
    return { text: doneLine(this.totalRows, sha256), sha256 };
  }

  #batch(entity: EntityName): string {
    const text = this.#lines.join('');
    this.#chain = this.crypto.sha256(this.#chain + this.#pending + text);
    this.#pending = '';
    this.#lines = [];
    this.#chars = 0;
    return text + checkLine(entity, this.rows, this.#chain);
  }
}
