import { MisconfiguredError } from '@tenon/core';
import type { SdkSettings, SecretReader, SecretsManagerLike } from './secret-reader.js';

async function createClient(settings: SdkSettings): Promise<SecretsManagerLike> {
  try {
    const { createSecretsManager } = await import('./secrets-manager.client.js');
    return createSecretsManager(settings);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new MisconfiguredError(
      "awsSecrets: the package '@aws-sdk/client-secrets-manager' is not installed; " +
        "add it, or read secrets through the extension with source: 'extension'",
    );
  }
}

/** Reads through the SDK, which is loaded by the first reading. */
export function sdkReader(
  settings: SdkSettings,
  given: SecretsManagerLike | undefined,
): SecretReader {
  let client = given;
  return async ({ secretId, versionStage }) => {
    client ??= await createClient(settings);
    const answer = await client.getSecretValue({
      SecretId: secretId,
      ...(versionStage !== undefined && { VersionStage: versionStage }),
    });
    return answer.SecretString;
  };
}
