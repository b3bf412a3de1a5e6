const CHUNK_BYTES = 1024 * 1024;

/** Keeps many short byte strings outside of the JavaScript heap. */
export class ByteArena {
  readonly #chunks: Buffer[] = [];
  #used = CHUNK_BYTES;

  /** The longest byte string that can be kept. */
  static readonly LONGEST = 65_535;

  /** Keeps bytes and tells where. */
  append(bytes: Buffer): number {
    if (bytes.length > ByteArena.LONGEST) throw new RangeError('Too long for the arena.');
    if (this.#used + bytes.length > CHUNK_BYTES) {
      this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES));
      this.#used = 0;
    }
    const offset = (this.#chunks.length - 1) * CHUNK_BYTES + this.#used;
    this.#used += bytes.length;
    this.overwrite(offset, bytes);
    return offset;
  }

  /** Replaces what is kept at an offset; the new bytes must not be longer than the old ones. */
  overwrite(offset: number, bytes: Buffer): void {
    bytes.copy(this.#chunk(offset), offset % CHUNK_BYTES);
  }

  /** The bytes at an offset, without copying them. */
  view(offset: number, length: number): Buffer {
    const start = offset % CHUNK_BYTES;
    return this.#chunk(offset).subarray(start, start + length);
  }

  #chunk(offset: number): Buffer {
    const chunk = this.#chunks[Math.floor(offset / CHUNK_BYTES)];
    if (chunk === undefined) throw new RangeError(`Nothing is kept at ${offset}.`);
    return chunk;
  }
}
