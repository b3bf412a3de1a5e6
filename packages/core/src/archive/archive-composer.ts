import type { Crypto } from '../platform/crypto.port.js';
import type { EntityName } from '../platform/entities.js';
import {
  BATCH_CHARS,
  BATCH_ROWS,
  checkLine,
  doneLine,
  endLine,
  HEADER,
  ROW_END,
  rowPrefix,
} from './archive-format.js';
import type { ArchivePosition } from './archive-verifier.js';
import { EntityDigest } from './entity-digest.js';

/** Puts the lines of an archive together. What it answers is written as it is, one after another. */
export class ArchiveComposer {
  #chain = '';
  /** Lines since the last checksum that are no rows. */
  #pending = '';
  /** Rows since the last checksum. */
  #lines: string[] = [];
  #count = 0;
  #chars = 0;
  /** What they hold without secrets, where that is not what stands in their lines. */
  #contents: string[] = [];
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

  /** A row as the archive has it and, of one with secrets, its content without them. Answers a batch when it is full. */
  row(entity: EntityName, text: string, content: string | null = null): string | null {
    this.#lines.push(rowPrefix(entity), text, ROW_END);
    this.#count += 1;
    // Where batches end must not depend on secrets: checksums of content are over batches.
    this.#chars += (content ?? text).length;
    if (content !== null) this.#contents.push(content);
    this.rows += 1;
    this.totalRows += 1;
    return this.#count === BATCH_ROWS || this.#chars >= BATCH_CHARS ? this.#batch(entity) : null;
  }

  /** What is left of an entity, and its last line. */
  end(entity: EntityName): string {
    const left = this.#count > 0 ? this.#batch(entity) : '';
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
    const { crypto } = this;
    const text = this.#lines.join('');
    const hash = crypto.sha256(text);
    this.#chain = crypto.sha256(this.#chain + this.#pending + hash);
    const isPlain = this.#contents.length === 0;
    this.#digest.add(isPlain ? hash : crypto.sha256(this.#contents.join('\n')), this.#count);
    this.#contents = [];
    this.#pending = '';
    this.#lines = [];
    this.#count = 0;
    this.#chars = 0;
    return text + checkLine(entity, this.rows, this.#chain);
  }
}
