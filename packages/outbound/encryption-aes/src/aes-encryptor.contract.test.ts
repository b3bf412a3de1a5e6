import { encryptorContract } from '@tenon/testing';
import { createAesEncryptor } from './create-aes-encryptor.js';
import { generateKey } from './key-ring.js';

const first = generateKey();
const second = generateKey();

encryptorContract('aes', {
  make: () => createAesEncryptor({ keys: { first }, writingKeyId: 'first' }),
  makeOther: () => createAesEncryptor({ keys: { second }, writingKeyId: 'second' }),
  makeRotated: () => createAesEncryptor({ keys: { second, first }, writingKeyId: 'second' }),
});
