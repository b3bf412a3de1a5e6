import { DataKeys } from './data-keys.js';
import { kmsOpener } from './kms-client.js';
import { KmsEncryptor } from './kms-encryptor.js';
import { kmsKeyId, validKmsOptions } from './options.js';
import type { KmsEncryptorOptions } from './options.js';

/**
 * Encrypts fields with data keys of AWS KMS: `v2:<keyId>:<dataKey>:<iv>:<ciphertext>:<tag>`, bound to tenant, table, column and
 * row. Asks KMS for nothing before the first value.
 *
 * @example
 * const encryptor = createKmsEncryptor({
 *   keys: { k3: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' },
 *   writingKeyId: 'k3',
 * });
 *
 * @throws MisconfiguredError for unknown options, and for keys that are no ARNs of keys.
 */
export function createKmsEncryptor(options: KmsEncryptorOptions): KmsEncryptor {
  const valid = validKmsOptions(options);
  const { region, endpoint, client } = valid;
  const settings = {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  };
  return new KmsEncryptor(new DataKeys(valid, kmsOpener(settings, client)));
}

/** Keys by the ids that KMS gave them, for `keys`. @throws MisconfiguredError for anything but ARNs of keys. */
export function kmsKeys(arns: readonly string[]): Record<string, string> {
  return Object.fromEntries(arns.map((arn) => [kmsKeyId(arn), arn]));
}
