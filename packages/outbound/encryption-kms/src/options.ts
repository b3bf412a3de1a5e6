import { validateOptions } from '@tenon/core';
import { badKmsKeys } from './kms.errors.js';
import type { KmsClientSettings, KmsContext, KmsLike } from './kms-like.js';

/** Options of `createKmsEncryptor`. */
export interface KmsEncryptorOptions extends KmsClientSettings {
  /** ARNs of symmetric KMS keys, by the id that stored values name: 1 to 64 letters, digits, `-` or `_`. */
  readonly keys: Readonly<Record<string, string>>;
  /** Id of the key that wraps new data keys; the others only read. */
  readonly writingKeyId: string;
  /** A client of your own, for example `new KMS({ … })` of `@aws-sdk/client-kms`. */
  readonly client?: KmsLike;
  /**
   * Data keys of a tenant are its own, and KMS binds them to the tenant (`tenant` in the encryption context). One call of KMS for
   * each tenant then, instead of one for all. May be changed at any time: values say how they were written. Default: false.
   */
  readonly perTenant?: boolean;
  /** More of what KMS binds data keys to, for example `{ app: 'crm', stage: 'production' }`. Must stay the same for ever. */
  readonly context?: KmsContext;
  /** How many values one data key encrypts. Default: 1,000,000. */
  readonly maxValuesPerDataKey?: number;
  /** For how long a data key encrypts new values. Default: an hour. */
  readonly dataKeyTtlMs?: number;
  /** For how long an unwrapped data key decrypts before KMS is asked again. Default: 10 minutes. */
  readonly cacheTtlMs?: number;
  /** The most data keys in the clear at once, for reading and for writing each. Default: 1,000. */
  readonly maxDataKeys?: number;
  /** For how long an outage of KMS is answered without asking it again. Default: 1,000. */
  readonly failureTtlMs?: number;
  /** Milliseconds that never run backwards. Default: the machine's. */
  readonly monotonicMs?: () => number;
}

/** Options with all defaults filled in. */
export type ValidKmsOptions = KmsEncryptorOptions &
  Required<Pick<KmsEncryptorOptions, keyof typeof DEFAULTS>>;

/** One value per 96-bit random IV: far below 2³² for one key (NIST SP 800-38D §8.3). */
const DEFAULTS = {
  perTenant: false,
  context: {} as KmsContext,
  maxValuesPerDataKey: 1_000_000,
  dataKeyTtlMs: 3_600_000,
  cacheTtlMs: 600_000,
  maxDataKeys: 1_000,
  failureTtlMs: 1_000,
  monotonicMs: () => performance.now(),
};

const BOUNDS = {
  maxValuesPerDataKey: [1, 2 ** 32],
  dataKeyTtlMs: [1, 30 * 86_400_000],
  cacheTtlMs: [1, 30 * 86_400_000],
  maxDataKeys: [1, 1_000_000],
  failureTtlMs: [0, 60_000],
} as const;

const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;
const KEY_ARN = /^arn:[a-z0-9-]+:kms:([a-z0-9-]+):\d{12}:key\/([A-Za-z0-9-]{1,60})$/;
const RESERVED = ['tenon', 'tenant'];

/**
 * The id of a KMS key within its account: the last part of its ARN.
 * @throws MisconfiguredError for anything else; an alias may come to mean another key, and then old values are lost.
 */
export function kmsKeyId(arn: string): string {
  return parseArn(arn).id;
}

function parseArn(arn: string): { readonly region: string; readonly id: string } {
  const [, region, id] = KEY_ARN.exec(arn) ?? [];
  if (region === undefined || id === undefined) {
    throw badKmsKeys(`'${arn.slice(0, 200)}' is no ARN of a key`);
  }
  return { region, id };
}

/** The region that all keys are in. @throws MisconfiguredError when they are in several: one client reaches one. */
function regionOf(keys: Readonly<Record<string, string>>): string {
  const regions = new Set(Object.values(keys).map((arn) => parseArn(arn).region));
  const [region = '', ...others] = regions;
  if (others.length > 0) {
    throw badKmsKeys(
      `they are in several regions (${[...regions].join(', ')}); make an encryptor for each, and join them with joinEncryptors`,
    );
  }
  return region;
}

/** @throws MisconfiguredError naming the option that is unknown, missing or out of bounds. */
export function validKmsOptions(options: KmsEncryptorOptions): ValidKmsOptions {
  const valid = validateOptions<KmsEncryptorOptions>('createKmsEncryptor', options, {
    required: ['keys', 'writingKeyId'],
    defaults: DEFAULTS,
    optional: ['client', 'region', 'endpoint'],
  }) as ValidKmsOptions;
  for (const [id, arn] of Object.entries(valid.keys)) {
    if (!KEY_ID.test(id)) throw badKmsKeys('a key id must be 1 to 64 letters, digits, - or _');
    parseArn(arn);
  }
  if (!Object.hasOwn(valid.keys, valid.writingKeyId)) {
    const known = Object.keys(valid.keys).join(', ') || 'none';
    throw badKmsKeys(`writingKeyId '${valid.writingKeyId}' is none of the keys (${known})`);
  }
  for (const [option, [minimum, maximum]] of Object.entries(BOUNDS)) {
    const value = valid[option as keyof typeof BOUNDS];
    if (Number.isInteger(value) && value >= minimum && value <= maximum) continue;
    throw badKmsKeys(`'${option}' is a whole number from ${minimum} to ${maximum}`);
  }
  const reserved = Object.keys(valid.context).find((name) => RESERVED.includes(name));
  if (reserved !== undefined)
    throw badKmsKeys(`context has '${reserved}', which Tenon sets itself`);
  return { region: regionOf(valid.keys), ...valid };
}
