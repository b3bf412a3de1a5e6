import type { EncryptionContext } from '../platform/encryptor.port.js';
import { TenonError } from '../platform/tenon.error.js';

/** `ENCRYPTION_KEY_MISSING`: a value was encrypted with a key that is not in the ring. */
export function encryptionKeyMissing(keyId: string, known: readonly string[]): TenonError {
  return new TenonError({
    code: 'ENCRYPTION_KEY_MISSING',
    category: 'misconfigured',
    message: `No encryption key has the id '${keyId}', known: ${known.join(', ')}. Add the key that wrote this value to the key ring again`,
    details: { keyId, known: [...known] },
  });
}

/** `DECRYPTION_FAILED`: not the text that was encrypted, or not the place it was encrypted for. */
export function decryptionFailed(place: EncryptionContext, cause?: unknown): TenonError {
  const where = `${place.table}.${place.column} of '${place.rowId}'`;
  return new TenonError({
    code: 'DECRYPTION_FAILED',
    category: 'internal',
    message: `The encrypted value in ${where} cannot be decrypted: it was changed, moved from another row, or written with another key of the same id`,
    details: { where },
    ...(cause !== undefined && { cause }),
  });
}
