import { MisconfiguredError } from '../platform/common.errors.js';
import type { EncryptionContext, Encryptor } from '../platform/encryptor.port.js';
import { keyIdOf } from './key-id-of.js';
import { encryptionKeyMissing } from './key.errors.js';

/**
 * One encryptor of several technologies: one of them writes, and each reads what names one of its keys. So an app moves from one
 * technology to another by a rotation of keys.
 *
 * @example
 * const encryptor = joinEncryptors({ writing: kms, reading: [aes] });
 *
 * @throws MisconfiguredError when two of them know the same key id.
 */
export function joinEncryptors(parts: {
  readonly writing: Encryptor;
  readonly reading: readonly Encryptor[];
}): Encryptor {
  const { writing, reading } = parts;
  const byKey = new Map<string, Encryptor>();
  for (const encryptor of [writing, ...reading]) {
    for (const keyId of encryptor.readingKeyIds) {
      if (byKey.has(keyId)) {
        throw new MisconfiguredError(
          `Encryption keys: two encryptors have a key with the id '${keyId}'; give one of the keys another id`,
          { keyId },
        );
      }
      byKey.set(keyId, encryptor);
    }
  }
  const readingKeyIds = [...byKey.keys()];
  return {
    writingKeyId: writing.writingKeyId,
    readingKeyIds,
    encrypt: (plaintext, context) => writing.encrypt(plaintext, context),
    decrypt(ciphertext: string, context: EncryptionContext) {
      const keyId = keyIdOf(ciphertext);
      // What has no text form is judged by the one that would have written it.
      const owner = keyId === null ? writing : byKey.get(keyId);
      if (!owner) throw encryptionKeyMissing(keyId ?? '', readingKeyIds);
      return owner.decrypt(ciphertext, context);
    },
  };
}
