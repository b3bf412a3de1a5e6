/** Binds a ciphertext to its place: it decrypts nowhere else. */
export interface EncryptionContext {
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/**
 * Encrypts fields. Text form: parts with colons between. The first is a version, the second names the key, the last three are
 * initialisation vector, ciphertext and tag in base64url. `v1:<keyId>:<iv>:<ciphertext>:<tag>` is encrypted with the key itself;
 * `v2:<keyId>:<dataKey>:<iv>:<ciphertext>:<tag>` with a data key that stands beside it, wrapped by the key. A key id has 1 to 64
 * letters, digits, `-` or `_`.
 * Authenticated: a changed or moved ciphertext throws instead of decrypting.
 */
export interface Encryptor {
  /** Id of the key that new values are encrypted with. */
  readonly writingKeyId: string;
  /** Ids of all keys that this encryptor can decrypt with. */
  readonly readingKeyIds: readonly string[];
  /** Encrypts UTF-8 text. Synchronous where the technology allows it. */
  encrypt(plaintext: string, context: EncryptionContext): string | Promise<string>;
  /**
   * Decrypts what {@link Encryptor.encrypt} made.
   * @throws TenonError `ENCRYPTION_KEY_MISSING` (names the key id) or `DECRYPTION_FAILED` (changed, or moved from another row).
   */
  decrypt(ciphertext: string, context: EncryptionContext): string | Promise<string>;
}
