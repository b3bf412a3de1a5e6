import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { KmsClientSettings, KmsLike } from './kms-like.js';

/** The SDK's own retries, with growing waits; after them the caller is told. */
const ATTEMPTS = 3;
const CONNECT_MS = 1_000;
const REQUEST_MS = 3_000;

/**
 * The only file that names the SDK. It is loaded on first use; naming what it takes in a static import keeps bundles
 * small, and working: a dynamic import of a CommonJS package has no named exports once it is bundled.
 */
export function createKms(settings: KmsClientSettings): KmsLike {
  const client = new KMSClient({
    ...settings,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  });
  return {
    generateDataKey: (input) => client.send(new GenerateDataKeyCommand(input)),
    decrypt: (input) => client.send(new DecryptCommand(input)),
  };
}
