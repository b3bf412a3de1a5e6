import { rejectUnknownKeys, validateOptions } from '@tenon/core';
import { AesEncryptor } from './aes-encryptor.js';
import { badKeys } from './encryption.errors.js';
import { generateKey, toKeyRing } from './key-ring.js';
import { localKey } from './local-key.js';

/** Keys for real data. */
export interface AesKeyOptions {
  /** 32 bytes in base64, by key id. */
  readonly keys: Readonly<Record<string, string>>;
  /** Id of the key for new values; the others only read. */
  readonly writingKeyId: string;
}

/** A key of this machine alone, for development. Never for data that must last. */
export interface LocalKeyOptions {
  readonly local: true;
  /** Keeps the key there (owner-readable, made on first use). Without it the key ends with the process. */
  readonly keyFile?: string;
  /** Gets the warning; `process.emitWarning` by default. */
  readonly warn?: (message: string) => void;
}

/** Options of {@link createAesEncryptor}. */
export type AesEncryptorOptions = AesKeyOptions | LocalKeyOptions;

const LOCAL_KEY_ID = 'local';

/**
 * Encrypts fields with AES-256-GCM: `v1:<keyId>:<iv>:<ciphertext>:<tag>`, bound to tenant, table, column and row.
 *
 * @example
 * const encryptor = createAesEncryptor({ keys: { k2: newKey, k1: oldKey }, writingKeyId: 'k2' });
 *
 * @throws MisconfiguredError for missing, malformed, repeated or all-zero keys and for unknown options.
 */
export function createAesEncryptor(options: AesEncryptorOptions): AesEncryptor {
  if ('local' in options) return localEncryptor(options);
  const { keys, writingKeyId } = validateOptions<AesKeyOptions>('createAesEncryptor', options, {
    required: ['keys', 'writingKeyId'],
    defaults: {},
  });
  return new AesEncryptor(toKeyRing(Object.entries(keys)), writingKeyId);
}

/**
 * Reads the key ring from `TENON_ENCRYPTION_KEYS`: `id:base64` pairs with commas between; the first key writes.
 * @throws MisconfiguredError when the variable is missing or a key cannot be used. Refusing to start is the point.
 */
export function aesEncryptorFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): AesEncryptor {
  const text = environment['TENON_ENCRYPTION_KEYS']?.trim() ?? '';
  if (text === '') {
    throw badKeys("TENON_ENCRYPTION_KEYS is not set; set it to '<id>:<key>', for example k1:…");
  }
  const entries = text.split(',').map((pair): [string, string] => {
    const colon = pair.indexOf(':');
    if (colon < 1) throw badKeys('TENON_ENCRYPTION_KEYS must be <id>:<key> pairs with commas');
    return [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()];
  });
  return new AesEncryptor(toKeyRing(entries), entries[0]?.[0] ?? '');
}

function localEncryptor(options: LocalKeyOptions): AesEncryptor {
  rejectUnknownKeys('createAesEncryptor', options, ['local', 'keyFile', 'warn']);
  if (!(options.local as boolean)) throw badKeys("'local' must be true or left out");
  const warn = options.warn ?? ((message) => process.emitWarning(message, 'TenonWarning'));
  if (options.keyFile === undefined) {
    warn(
      'Encrypting with a key that ends with this process: what is stored now cannot be read after a restart. Set TENON_ENCRYPTION_KEYS for data that must last',
    );
    return new AesEncryptor(toKeyRing([[LOCAL_KEY_ID, generateKey()]]), LOCAL_KEY_ID);
  }
  warn(
    `Encrypting with the development key in ${options.keyFile}. Set TENON_ENCRYPTION_KEYS outside of development`,
  );
  return new AesEncryptor(toKeyRing([[LOCAL_KEY_ID, localKey(options.keyFile)]]), LOCAL_KEY_ID);
}
