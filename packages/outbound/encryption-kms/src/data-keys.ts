import { decryptionFailed } from '@tenon/core';
import type { EncryptionContext } from '@tenon/core';
import { KeyCache } from './key-cache.js';
import type { DataKey } from './key-cache.js';
import { isForeign, toKeyError } from './kms.errors.js';
import type { KmsLike } from './kms-like.js';
import type { ValidKmsOptions } from './options.js';
import { blobOf, wrappedText } from './sealed-text.js';
import type { KeyScope, SealedText } from './sealed-text.js';

const KEY_BYTES = 32;

/** A copy that can be zeroed; the SDK's own is overwritten. */
function taken(keyId: string, plaintext: Uint8Array | undefined): Buffer {
  if (plaintext?.length !== KEY_BYTES) {
    throw toKeyError(keyId, new TypeError('KMS answered without a key of 32 bytes'));
  }
  const bytes = Buffer.from(plaintext);
  plaintext.fill(0);
  return bytes;
}

/** Data keys of KMS, cached within bounds. */
export class DataKeys {
  readonly writingKeyId: string;
  readonly keyIds: readonly string[];
  readonly #writing: KeyCache;
  readonly #reading: KeyCache;

  constructor(
    private readonly options: ValidKmsOptions,
    private readonly kms: () => Promise<KmsLike>,
  ) {
    const { writingKeyId, keys, maxDataKeys: maxKeys, failureTtlMs, monotonicMs } = options;
    this.writingKeyId = writingKeyId;
    this.keyIds = [writingKeyId, ...Object.keys(keys).filter((id) => id !== writingKeyId)];
    const { dataKeyTtlMs, cacheTtlMs, maxValuesPerDataKey: maxUses } = options;
    const shared = { maxKeys, failureTtlMs };
    this.#writing = new KeyCache({ ...shared, ttlMs: dataKeyTtlMs, maxUses }, monotonicMs);
    const forReading = { ...shared, ttlMs: cacheTtlMs, maxUses: Infinity };
    this.#reading = new KeyCache(forReading, monotonicMs);
  }

  /** Data keys in the clear, or being asked for. */
  get size(): number {
    return this.#writing.size + this.#reading.size;
  }

  useForWriting<T>(tenantId: string, work: (key: DataKey) => T): T | Promise<T> {
    const { perTenant } = this.options;
    const scope: KeyScope = perTenant ? 't' : 'a';
    return this.#writing.use(
      perTenant ? tenantId : '',
      () => this.#generate(scope, tenantId),
      work,
    );
  }

  useForReading<T>(
    sealed: Pick<SealedText, 'keyId' | 'scope' | 'wrapped'>,
    context: EncryptionContext,
    work: (key: DataKey) => T,
  ): T | Promise<T> {
    const name = this.#readingName(sealed, context.tenantId);
    return this.#reading.use(name, () => this.#unwrap(sealed, context), work);
  }

  clear(): void {
    this.#writing.clear();
    this.#reading.clear();
  }

  /** Holds everything that KMS checks: what was unwrapped for one tenant is no answer for another. */
  #readingName(
    { keyId, scope, wrapped }: Pick<SealedText, 'keyId' | 'scope' | 'wrapped'>,
    tenantId: string,
  ): string {
    return scope === 't' ? `${keyId}:${wrapped}:${tenantId}` : `${keyId}:${wrapped}`;
  }

  #context(scope: KeyScope, tenantId: string): Record<string, string> {
    const ours = { tenon: 'data-key', ...(scope === 't' && { tenant: tenantId }) };
    return { ...this.options.context, ...ours };
  }

  async #generate(scope: KeyScope, tenantId: string): Promise<DataKey> {
    const keyId = this.writingKeyId;
    try {
      const kms = await this.kms();
      const answer = await kms.generateDataKey({
        KeyId: this.options.keys[keyId] ?? '',
        KeySpec: 'AES_256',
        EncryptionContext: this.#context(scope, tenantId),
      });
      const bytes = taken(keyId, answer.Plaintext);
      const key = { bytes, wrapped: wrappedText(scope, answer.CiphertextBlob ?? new Uint8Array()) };
      // Whoever reads what was just written need not ask KMS.
      this.#reading.put(this.#readingName({ keyId, scope, wrapped: key.wrapped }, tenantId), key);
      return key;
    } catch (error) {
      throw toKeyError(keyId, error);
    }
  }

  async #unwrap(
    { keyId, scope, wrapped }: Pick<SealedText, 'keyId' | 'scope' | 'wrapped'>,
    place: EncryptionContext,
  ): Promise<DataKey> {
    const blob = blobOf(wrapped);
    if (!blob) throw decryptionFailed(place);
    try {
      const kms = await this.kms();
      const answer = await kms.decrypt({
        KeyId: this.options.keys[keyId] ?? '',
        CiphertextBlob: blob,
        EncryptionContext: this.#context(scope, place.tenantId),
      });
      return { bytes: taken(keyId, answer.Plaintext), wrapped };
    } catch (error) {
      if (isForeign(error)) throw decryptionFailed(place, error);
      throw toKeyError(keyId, error);
    }
  }
}
