export { createKmsEncryptor, kmsKeys } from './create-kms-encryptor.js';
export type { KmsClientSettings, KmsContext, KmsDataKey, KmsLike } from './kms-like.js';
export type { KmsEncryptor } from './kms-encryptor.js';
export type { KmsEncryptorOptions } from './options.js';
