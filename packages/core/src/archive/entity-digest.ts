import type { Crypto } from '../platform/crypto.port.js';

/** SHA-256 over the rows of an entity: over the hashes of groups of rows, each time together with the hash before. */
export class EntityDigest {
  #hash = '';
  rows = 0;

  constructor(private readonly crypto: Crypto) {}

  /** The next group, by the hash of its texts, which depend neither on database nor on key. */
  add(group: string, rows: number): void {
    this.rows += rows;
    this.#hash = this.crypto.sha256(`${this.#hash}\n${group}`);
  }

  /** The hash over all rows so far. */
  finish(): string {
    return this.#hash;
  }
}

const GROUP_ROWS = 500;

/** The same for rows that come in pages of any size. */
export class PagedDigest {
  #group: string[] = [];
  readonly #digest: EntityDigest;

  constructor(private readonly crypto: Crypto) {
    this.#digest = new EntityDigest(crypto);
  }

  add(text: string): void {
    this.#group.push(text);
    if (this.#group.length === GROUP_ROWS) this.#fold();
  }

  /** Count and hash of all rows, as one text; nothing may be added afterwards. */
  finish(): string {
    if (this.#group.length > 0) this.#fold();
    return `${this.#digest.rows} rows, ${this.#digest.finish()}`;
  }

  #fold(): void {
    this.#digest.add(this.crypto.sha256(this.#group.join('\n')), this.#group.length);
    this.#group = [];
  }
}
