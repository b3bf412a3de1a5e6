import { afterAll } from '@jest/globals';
import { encryptorContract } from '@tenon/testing';
import { startKms } from './kms.fixture.js';

const kms = await startKms();
const [first, second] = [await kms.createKey(), await kms.createKey()];
afterAll(() => kms.stop());

for (const perTenant of [false, true]) {
  encryptorContract(perTenant ? 'kms, data keys of tenants' : 'kms', {
    make: () => kms.encryptor({ keys: { first }, writingKeyId: 'first', perTenant }),
    makeOther: () => kms.encryptor({ keys: { second }, writingKeyId: 'second', perTenant }),
    makeRotated: () =>
      kms.encryptor({ keys: { second, first }, writingKeyId: 'second', perTenant }),
  });
}
