import { MisconfiguredError } from '@tenon/core';
import type { KmsClientSettings, KmsLike } from './kms-like.js';

async function createClient(settings: KmsClientSettings): Promise<KmsLike> {
  try {
    const { createKms } = await import('./kms-sdk.js');
    return createKms(settings);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new MisconfiguredError(
      "createKmsEncryptor: the package '@aws-sdk/client-kms' is not installed; add it, or hand in a client",
    );
  }
}

/** The client that was given, or one that is made, and its SDK loaded, on first use. */
export function kmsOpener(
  settings: KmsClientSettings,
  given: KmsLike | undefined,
): () => Promise<KmsLike> {
  let client: Promise<KmsLike> | null = given ? Promise.resolve(given) : null;
  return () => {
    client ??= createClient(settings).catch((error: unknown) => {
      client = null;
      throw error;
    });
    return client;
  };
}
