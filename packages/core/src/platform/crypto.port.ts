/** Cost parameters of scrypt (RFC 7914), stored beside every password hash. */
export interface ScryptParameters {
  /** CPU and memory cost, a power of two. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  /** Length of the derived key in bytes. */
  readonly keyLength: number;
}

/** Input of {@link Crypto.hmac}. */
export interface HmacInput {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly key: string;
  /** How `key` turns into bytes; `utf8` by default. */
  readonly keyEncoding?: 'utf8' | 'base64' | 'hex';
  /** The message, in pieces that are joined without a separator. */
  readonly parts: readonly (string | Uint8Array)[];
  readonly output: 'base64' | 'base64url' | 'hex';
}

/** Randomness, hashes and comparisons. Implemented by the platform's own library, never by hand. */
export interface Crypto {
  /** `bytes` random bytes from the system's secure source, as base64url without padding. */
  randomToken(bytes: number): string;
  /** SHA-256 of the UTF-8 bytes of `text`, as base64url without padding. */
  sha256(text: string): string;
  /** The UTF-8 bytes of `text` as base64 with padding (RFC 4648 §4). */
  base64(text: string): string;
  /** Keyed hash of the joined parts. */
  hmac(input: HmacInput): string;
  /** Compares in time that depends on the lengths alone. Different lengths are unequal. */
  equal(a: string, b: string): boolean;
  /** Derives a key from a password; answers base64url. `salt` is base64url. */
  scrypt(password: string, salt: string, parameters: ScryptParameters): Promise<string>;
}
