export { AesEncryptor } from './aes-encryptor.js';
export { aesEncryptorFromEnvironment, createAesEncryptor } from './create-aes-encryptor.js';
export type {
  AesEncryptorOptions,
  AesKeyOptions,
  LocalKeyOptions,
} from './create-aes-encryptor.js';
export { generateKey } from './key-ring.js';
export type { KeyRing } from './key-ring.js';
