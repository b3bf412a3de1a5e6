/** Binds a ciphertext to its place: it decrypts nowhere else. */
export interface EncryptionContext {
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/**
 * Encrypts fields. Text form: `v1:<keyId>:<iv>:<ciphertext>:<tag>`, parts in base64url.
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
