import { encryptorContract } from '../contracts/encryptor.contract.js';
import { testEncryptor } from './test-encryptor.js';

encryptorContract('test', {
  make: () => testEncryptor(),
  makeOther: () => testEncryptor({ keyId: 'other' }),
});
