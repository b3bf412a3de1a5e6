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
      const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
      return `v1:${keyId}:${parts.join(':')}`;
    },
    decrypt(text, context) {
      const [, usedKeyId = '', iv = '', ciphertext = '', tag = ''] = text.split(':');
      if (usedKeyId !== keyId) throw keyMissing(usedKeyId);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
          .setAAD(placeOf(context))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        const start = decipher.update(Buffer.from(ciphertext, 'base64url'));
        return Buffer.concat([start, decipher.final()]).toString('utf8');
      } catch (error) {
        throw decryptionFailed(error);
      }
    },
  };
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
