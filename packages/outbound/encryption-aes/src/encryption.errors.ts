import { MisconfiguredError, TenonError } from '@tenon/core';

const HOW_TO_MAKE = "make a key with 'openssl rand -base64 32'";

/** `ENCRYPTION_KEY_MISSING`: a value was encrypted with a key that is not in the ring. */
export function keyMissing(keyId: string, known: readonly string[]): TenonError {
  return new TenonError({
    code: 'ENCRYPTION_KEY_MISSING',
    category: 'misconfigured',
    message: `No encryption key has the id '${keyId}', known: ${known.join(', ')}. Add the key that wrote this value to the key ring again`,
    details: { keyId, known },
  });
}

/** `DECRYPTION_FAILED`: not the text that was encrypted, or not the place it was encrypted for. */
export function decryptionFailed(where: string, cause?: unknown): TenonError {
  return new TenonError({
    code: 'DECRYPTION_FAILED',
    category: 'internal',
    message: `The encrypted value in ${where} cannot be decrypted: it was changed, moved from another row, or written with another key of the same id`,
    details: { where },
    ...(cause !== undefined && { cause }),
  });
}

/** `MISCONFIGURED`: the key ring cannot be used as it is. */
export function badKeys(problem: string): MisconfiguredError {
  return new MisconfiguredError(`Encryption keys: ${problem}; ${HOW_TO_MAKE}`);
}
