/**
 * A buffer to work in, used again by every call: text becomes bytes without an allocation. What `write` answers is valid until
 * the next call, so it must be used up at once, in the same turn.
 */
export class Scratch {
  readonly #buffer: Buffer;

  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  /** The bytes of `text`, in the scratch buffer when they fit there for sure. */
  write(text: string, encoding: 'utf8' | 'base64url'): Buffer {
    // A UTF-16 unit takes at most three bytes in UTF-8, and less than one in base64url.
    const most = encoding === 'utf8' ? text.length * 3 : text.length;
    if (most > this.#buffer.length) return Buffer.from(text, encoding);
    return this.#buffer.subarray(0, this.#buffer.write(text, 0, encoding));
  }
}
