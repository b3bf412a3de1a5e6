import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SdkSettings, SecretsManagerLike } from './secret-reader.js';

/**
 * The only file that names the SDK. It is loaded on first use; naming what it takes in a static import keeps bundles
 * small, and working: a dynamic import of a CommonJS package has no named exports once it is bundled.
 */
export function createSecretsManager(settings: SdkSettings): SecretsManagerLike {
  const client = new SecretsManagerClient({ ...settings });
  return { getSecretValue: (input) => client.send(new GetSecretValueCommand(input)) };
}
