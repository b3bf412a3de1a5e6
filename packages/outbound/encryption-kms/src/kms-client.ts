import { MisconfiguredError } from '@tenon/core';

/** Name–value pairs that KMS binds a wrapped key to, and writes to its audit log. */
export type KmsContext = Readonly<Record<string, string>>;

/** A data key, in the clear and wrapped. */
export interface KmsDataKey {
  readonly Plaintext?: Uint8Array | undefined;
  readonly CiphertextBlob?: Uint8Array | undefined;
}

/** The part of `KMS` of `@aws-sdk/client-kms` that is used. */
export interface KmsLike {
  generateDataKey(input: {
    KeyId: string;
    KeySpec: 'AES_256';
    EncryptionContext: Record<string, string>;
  }): Promise<KmsDataKey>;
  decrypt(input: {
    KeyId: string;
    CiphertextBlob: Uint8Array;
    EncryptionContext: Record<string, string>;
  }): Promise<Pick<KmsDataKey, 'Plaintext'>>;
}

/** Settings of the client that is made when none is given. */
export interface KmsClientSettings {
  /** Default: that of the keys. */
  readonly region?: string;
  /** For a private endpoint, or a fake one. */
  readonly endpoint?: string;
}

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
