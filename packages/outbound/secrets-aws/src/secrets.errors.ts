import { TenonError } from '@tenon/core';

/** `SECRET_NOT_FOUND`: there is no such secret, or it has no version at that stage. */
export class SecretNotFoundError extends TenonError {
  override readonly name = 'SecretNotFoundError';

  constructor(secretId: string, cause?: unknown) {
    super({
      code: 'SECRET_NOT_FOUND',
      category: 'misconfigured',
      message: `There is no secret '${secretId}' in this account and region; create it or correct its name`,
      details: { secretId },
      cause,
    });
  }
}

/** `SECRET_ACCESS_DENIED`: the role may not read the secret, or not use the key that encrypts it. */
export class SecretAccessDeniedError extends TenonError {
  override readonly name = 'SecretAccessDeniedError';

  constructor(secretId: string, cause?: unknown) {
    super({
      code: 'SECRET_ACCESS_DENIED',
      category: 'misconfigured',
      message:
        `Reading the secret '${secretId}' is not allowed: the role needs secretsmanager:GetSecretValue on it, ` +
        'and kms:Decrypt on its key',
      details: { secretId },
      cause,
    });
  }
}

/**
 * `SECRET_MALFORMED`: the secret is not a flat JSON object. What was found is not part of the error, not even as its
 * cause: messages of JSON errors quote their input.
 */
export class SecretMalformedError extends TenonError {
  override readonly name = 'SecretMalformedError';

  constructor(secretId: string, problem: string) {
    super({
      code: 'SECRET_MALFORMED',
      category: 'misconfigured',
      message: `The secret '${secretId}' cannot be used: ${problem}`,
      details: { secretId },
    });
  }
}

/** `SECRETS_UNAVAILABLE`: Secrets Manager, or the extension in front of it, does not answer. */
export class SecretsUnavailableError extends TenonError {
  override readonly name = 'SecretsUnavailableError';

  constructor(secretId: string, cause?: unknown) {
    super({
      code: 'SECRETS_UNAVAILABLE',
      category: 'unavailable',
      message: `The secret '${secretId}' cannot be read now: the secrets service does not answer`,
      details: { secretId },
      cause,
    });
  }
}

const DENIED: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ExpiredTokenException',
  'DecryptionFailure',
  'CredentialsProviderError',
]);

/** Translates an error of the service by its name. */
export function toSecretError(secretId: string, error: unknown): TenonError {
  const name = error instanceof Error ? error.name : '';
  if (name === 'ResourceNotFoundException') return new SecretNotFoundError(secretId, error);
  if (DENIED.has(name)) return new SecretAccessDeniedError(secretId, error);
  return new SecretsUnavailableError(secretId, error);
}
