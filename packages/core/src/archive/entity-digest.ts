import type { Crypto } from '../platform/crypto.port.js';

const GROUP_ROWS = 500;

/** SHA-256 over the rows of an entity: of 500 rows at a time, each time together with the hash before. */
export class EntityDigest {
  #hash = '';
  #group: string[] = [];
  rows = 0;

  constructor(private readonly crypto: Crypto) {}

  /** The next row, as text that does not depend on database and key. */
  add(text: string): void {
    this.rows += 1;
    this.#group.push(text);
    if (this.#group.length === GROUP_ROWS) this.#fold();
  }

  /** The hash over all rows so far; nothing may be added afterwards. */
  finish(): string {
    if (this.#group.length > 0) this.#fold();
    return this.#hash;
  }

  #fold(): void {
    this.#hash = this.crypto.sha256(`${this.#hash}\n${this.#group.join('\n')}`);
    this.#group = [];
  }
}
