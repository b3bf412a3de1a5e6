import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TenonError } from '@tenon/core';
import type { EncryptionContext, Encryptor } from '@tenon/core';

/** Options of {@link testEncryptor}. */
export interface TestEncryptorOptions {
  /** Default: `test`. */
  readonly keyId?: string;
}

/** AES-256-GCM with one random key, in the text form of the port. For tests of what encrypts through the port. */
export function testEncryptor(options: TestEncryptorOptions = {}): Encryptor {
  const key = randomBytes(32);
  const keyId = options.keyId ?? 'test';
  return {
    writingKeyId: keyId,
    readingKeyIds: [keyId],
    encrypt(plaintext, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(placeOf(context));
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return join('v1', keyId, [iv, ciphertext, cipher.getAuthTag()]);
    },
    decrypt(text, context) {
      const [version, usedKeyId = '', ...parts] = text.split(':');
      const [iv, ciphertext, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
      // Only the one text that `encrypt` makes of these bytes: base64url leaves bits over, which would be free to change.
      const exact = parts.length === 3 && text === join(version, usedKeyId, [iv, ciphertext, tag]);
      if (version !== 'v1' || !exact || !iv || !ciphertext || !tag) throw decryptionFailed(null);
      if (usedKeyId !== keyId) throw keyMissing(usedKeyId);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
          .setAAD(placeOf(context))
          .setAuthTag(tag);
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
      } catch (error) {
        throw decryptionFailed(error);
      }
    },
  };
}

function join(
  version: string | undefined,
  keyId: string,
  parts: readonly (Buffer | undefined)[],
): string {
  return [version, keyId, ...parts.map((part) => part?.toString('base64url'))].join(':');
}

function placeOf({ tenantId, table, column, rowId }: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify([tenantId, table, column, rowId]));
}

function keyMissing(keyId: string): TenonError {
  return new TenonError({
    code: 'ENCRYPTION_KEY_MISSING',
    category: 'misconfigured',
    message: `No encryption key has the id '${keyId}'`,
    details: { keyId },
  });
}

function decryptionFailed(cause: unknown): TenonError {
  return new TenonError({
    code: 'DECRYPTION_FAILED',
    category: 'internal',
    message: 'The encrypted value was changed or moved from another row',
    cause,
  });
}
