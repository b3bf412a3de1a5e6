import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { additionalData, decryptionFailed, encryptionKeyMissing, keyIdOf } from '@tenon/core';
import type { EncryptionContext, Encryptor } from '@tenon/core';
import type { DataKeys } from './data-keys.js';
import type { DataKey } from './key-cache.js';
import { parseSealedText, sealedText } from './sealed-text.js';
import type { SealedText } from './sealed-text.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;

/**
 * Envelope encryption (AES-256-GCM, NIST SP 800-38D): KMS wraps data keys, data keys encrypt values here. Each value carries its
 * wrapped data key, so that a row can be read by itself.
 */
export class KmsEncryptor implements Encryptor {
  readonly writingKeyId: string;
  readonly readingKeyIds: readonly string[];

  constructor(private readonly dataKeys: DataKeys) {
    this.writingKeyId = dataKeys.writingKeyId;
    this.readingKeyIds = dataKeys.keyIds;
  }

  /** Answers at once while a data key is known. @throws TenonError `ENCRYPTION_KEY_MISSING`, `KEY_SERVICE_UNAVAILABLE`. */
  encrypt(plaintext: string, context: EncryptionContext): string | Promise<string> {
    const seal = ({ bytes, wrapped }: DataKey): string => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, bytes, iv);
      cipher.setAAD(Buffer.from(additionalData(context)));
      const ciphertext = cipher.update(plaintext, 'utf8');
      cipher.final();
      const tag = cipher.getAuthTag();
      return sealedText({ keyId: this.writingKeyId, wrapped, iv, ciphertext, tag });
    };
    return this.dataKeys.useForWriting(context.tenantId, seal);
  }

  /** Answers at once while the data key is known. @throws TenonError, those of the port and `KEY_SERVICE_UNAVAILABLE`. */
  decrypt(text: string, context: EncryptionContext): string | Promise<string> {
    const sealed = parseSealedText(text);
    // What another encryptor wrote has another form, and still names its key.
    const keyId = sealed?.keyId ?? keyIdOf(text);
    if (keyId !== null && !this.readingKeyIds.includes(keyId)) {
      throw encryptionKeyMissing(keyId, this.readingKeyIds);
    }
    if (!sealed) throw decryptionFailed(context);
    return this.dataKeys.useForReading(sealed, context, ({ bytes }) =>
      open(bytes, sealed, context),
    );
  }

  /** Forgets every data key and overwrites it; the next use asks KMS again. */
  clear(): void {
    this.dataKeys.clear();
  }
}

function open(
  key: Buffer,
  { iv, ciphertext, tag }: SealedText,
  context: EncryptionContext,
): string {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, iv);
    decipher.setAuthTag(tag);
    decipher.setAAD(Buffer.from(additionalData(context)));
    const plaintext = decipher.update(ciphertext);
    // Throws unless the tag fits; nothing of the plaintext leaves before.
    decipher.final();
    return plaintext.toString('utf8');
  } catch (error) {
    throw decryptionFailed(context, error);
  }
}
