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
