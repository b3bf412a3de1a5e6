import { isTenonError, rejectUnknownKeys, MisconfiguredError } from '@tenon/core';
import { extensionReader } from './extension.reader.js';
import { parseSecret, type SecretValues } from './parse-secret.js';
import { sdkReader } from './sdk.reader.js';
import type { SecretReader, SecretsManagerLike } from './secret-reader.js';
import { toSecretError } from './secrets.errors.js';

/** Options of {@link awsSecrets}. */
export interface AwsSecretsOptions {
  /** Name or ARN of the secret. */
  readonly secretId: string;
  /** Default: `AWSCURRENT`. */
  readonly versionStage?: string;
  /**
   * `sdk` (default) calls Secrets Manager with `@aws-sdk/client-secrets-manager`, loaded on first use. `extension`
   * asks the Lambda Parameters and Secrets extension, which has to be a layer of the function.
   */
  readonly source?: 'sdk' | 'extension';
  /** How long values are kept, in milliseconds. Default: for the life of the process. */
  readonly ttlMs?: number;
  /** Name for the value of a secret that is plain text and no JSON object. */
  readonly textAs?: string;
  /** With `sdk`: a client to use instead of a new one. */
  readonly client?: SecretsManagerLike;
  readonly region?: string;
  readonly endpoint?: string;
  /** With `extension`: default `PARAMETERS_SECRETS_EXTENSION_HTTP_PORT`, else 2773. */
  readonly extensionPort?: number;
  /** With `extension`: for one reading, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
}

/** Answers the values of a secret by name; the same ones until they are older than their time. */
export type SecretsLoader = () => Promise<SecretValues>;

const KNOWN = [
  ...['secretId', 'versionStage', 'source', 'ttlMs', 'textAs', 'client', 'region', 'endpoint'],
  ...['extensionPort', 'timeoutMs'],
];

function checkOptions(options: AwsSecretsOptions): void {
  rejectUnknownKeys('awsSecrets', options, KNOWN);
  if (typeof options.secretId !== 'string' || options.secretId === '') {
    throw new MisconfiguredError("awsSecrets: option 'secretId' must name a secret");
  }
}

function readerFor(options: AwsSecretsOptions): SecretReader {
  const { region, endpoint } = options;
  if (options.source !== 'extension') {
    const settings = {
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
    };
    return sdkReader(settings, options.client);
  }
  const port = process.env['PARAMETERS_SECRETS_EXTENSION_HTTP_PORT'] ?? '2773';
  return extensionReader({
    port: options.extensionPort ?? Number(port),
    sessionToken: process.env['AWS_SESSION_TOKEN'] ?? '',
    timeoutMs: options.timeoutMs ?? 5000,
  });
}

/**
 * A loader of one secret, whose JSON object becomes names and values. It fits the `secrets` option of Lambda handlers.
 * Calls at the same time share one reading; a failed reading is not kept.
 *
 * @example
 * const handler = createHandler({ name: 'nightly', secrets: awsSecrets({ secretId: 'app/production' }), method });
 *
 * @throws MisconfiguredError for an unknown or a missing option, or when the SDK is needed and not installed.
 * The loader throws {@link SecretNotFoundError}, {@link SecretAccessDeniedError}, {@link SecretMalformedError} and
 * {@link SecretsUnavailableError}; they name the secret and never a value.
 */
export function awsSecrets(options: AwsSecretsOptions): SecretsLoader {
  checkOptions(options);
  const { secretId, versionStage, ttlMs = Infinity, textAs } = options;
  let reader: SecretReader | undefined;
  let kept: { readonly values: Promise<SecretValues>; readonly readAt: number } | undefined;

  const read = async (): Promise<SecretValues> => {
    reader ??= readerFor(options);
    let text: string | undefined;
    try {
      text = await reader({ secretId, versionStage });
    } catch (error) {
      throw isTenonError(error) ? error : toSecretError(secretId, error);
    }
    return parseSecret(secretId, text, textAs);
  };
  return () => {
    if (kept !== undefined && performance.now() - kept.readAt < ttlMs) return kept.values;
    const reading = { values: read(), readAt: performance.now() };
    kept = reading;
    reading.values.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return reading.values;
  };
}
