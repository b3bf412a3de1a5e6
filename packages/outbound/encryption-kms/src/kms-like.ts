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
