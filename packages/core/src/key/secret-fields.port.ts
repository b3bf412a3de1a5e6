import type { SecretFieldName } from './secret-field.js';

/** Rows of one entity in the order of their ids. */
export interface SecretBatch extends SecretFieldName {
  /** Id of the row before the first; null begins with the first row. */
  readonly after: string | null;
  /** The most rows to look at, from 1. */
  readonly limit: number;
}

/** How far a batch went. */
export interface SecretBatchProgress {
  /** Rows that were looked at, also those without a value. */
  readonly scanned: number;
  /** Id of the last row that was looked at; null when there are no rows after it. May be not null although there are none. */
  readonly next: string | null;
}

/** How many values name a key. */
export interface KeyCount {
  /** Null for values that have not the text form of {@link Encryptor}. */
  readonly keyId: string | null;
  readonly rows: number;
}

/** A value that could not be re-encrypted; it was left as it was. */
export interface UnreadableSecret {
  readonly id: string;
  /** `ENCRYPTION_KEY_MISSING` or `DECRYPTION_FAILED`. */
  readonly code: string;
}

/** What {@link SecretFields.reencrypt} did. */
export interface ReencryptedBatch extends SecretBatchProgress {
  readonly rewritten: number;
  /** Values that somebody else changed meanwhile: theirs stands. */
  readonly outrun: number;
  readonly unreadable: readonly UnreadableSecret[];
}

/**
 * Every stored value of type `secret`, whatever the entity: for operators of keys. Works across tenants, outside of transactions,
 * one batch at a time, so that no statement grows with the table.
 */
export interface SecretFields {
  /** Counts a batch by key, in the database: values are not decrypted and need not leave it. Counts of one key come once. */
  countByKey(
    batch: SecretBatch,
  ): Promise<SecretBatchProgress & { readonly counts: readonly KeyCount[] }>;
  /**
   * Encrypts the values of a batch anew with the encryptor of the persistence, except those that name `keyId` already. Each is
   * written back only while it is what was read (compare-and-set on the old ciphertext), and nothing else of the row changes, its
   * version neither: the value means the same as before, so whoever read the row before may still update it.
   * @throws what the encryptor throws but for unreadable values: then some of the batch may be written.
   */
  reencrypt(batch: SecretBatch & { readonly keyId: string }): Promise<ReencryptedBatch>;
}
