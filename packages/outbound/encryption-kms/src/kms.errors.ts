import { isTenonError, MisconfiguredError, TenonError, UnavailableError } from '@tenon/core';

/** What KMS says of a ciphertext that it did not make, or not with this context. */
const FOREIGN: ReadonlySet<string> = new Set([
  'InvalidCiphertextException',
  'IncorrectKeyException',
  'ValidationException',
]);

/** What KMS says of a key that cannot be used until somebody does something about it. */
const UNUSABLE: ReadonlySet<string> = new Set([
  'NotFoundException',
  'DisabledException',
  'KMSInvalidStateException',
  'InvalidKeyUsageException',
  'InvalidArnException',
  'AccessDeniedException',
  'ValidationException',
]);

/** What the SDK and KMS say of a role without credentials, or with outdated ones. */
const DENIED: ReadonlySet<string> = new Set([
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ExpiredTokenException',
  'IncompleteSignature',
  'CredentialsProviderError',
]);

/** True when the wrapped key, or its context, is not what KMS made. */
export function isForeign(error: unknown): boolean {
  return error instanceof Error && FOREIGN.has(error.name);
}

/** `ENCRYPTION_KEY_MISSING`: the key is known here, and KMS does not let it be used. */
function keyUnusable(keyId: string, error: Error): TenonError {
  return new TenonError({
    code: 'ENCRYPTION_KEY_MISSING',
    category: 'misconfigured',
    message: `The KMS key of the encryption key '${keyId}' cannot be used (${error.name}): it must exist and be enabled, and the role needs kms:GenerateDataKey and kms:Decrypt on it`,
    details: { keyId, reason: error.name },
    cause: error,
  });
}

/**
 * Translates an error of KMS by its name.
 * `KEY_SERVICE_UNAVAILABLE` stands for throttling, time-outs and outages; trying again later helps.
 */
export function toKeyError(keyId: string, error: unknown): TenonError {
  if (isTenonError(error)) return error;
  if (error instanceof Error && UNUSABLE.has(error.name)) return keyUnusable(keyId, error);
  if (error instanceof Error && DENIED.has(error.name)) {
    return new MisconfiguredError(
      `KMS does not accept the credentials of this process (${error.name}), so that the encryption key '${keyId}' cannot be used`,
      { keyId, reason: error.name },
    );
  }
  return new UnavailableError(
    'KEY_SERVICE_UNAVAILABLE',
    `The encryption key '${keyId}' cannot be used now: KMS does not answer, or is asked too often`,
    error,
  );
}

/** `MISCONFIGURED`: the keys cannot be used as they are given. */
export function badKmsKeys(problem: string): MisconfiguredError {
  return new MisconfiguredError(
    `KMS keys: ${problem}; give ARNs like arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  );
}
