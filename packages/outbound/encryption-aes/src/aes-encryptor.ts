import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';
import { additionalData, decryptionFailed, encryptionKeyMissing } from '@tenon/core';
import type { EncryptionContext, Encryptor } from '@tenon/core';
import { badKeys } from './encryption.errors.js';
import type { KeyRing } from './key-ring.js';
import { Scratch } from './scratch.js';
import { parseSealedText, sealedPrefix, type SealedText } from './sealed-text.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
/** Twelve bytes are sixteen characters of base64url to the bit: a whole block of IVs becomes text at once. */
const IV_CHARS = 16;
const IVS_PER_BLOCK = 256;

const aadScratch = new Scratch(2_048);

/**
 * AES-256-GCM (NIST SP 800-38D) with a key ring: one key writes, all keys read. Each value has its own random 96-bit IV, so
 * that one key may write 2³² values before it should be replaced (§8.3).
 */
export class AesEncryptor implements Encryptor {
  readonly readingKeyIds: readonly string[];
  readonly #key: KeyObject;
  readonly #prefix: string;
  readonly #ivs = Buffer.allocUnsafeSlow(IV_BYTES * IVS_PER_BLOCK);
  #ivTexts = '';
  #nextIv = IVS_PER_BLOCK;

  /** @throws MisconfiguredError when the ring has no key with the writing id. */
  constructor(
    private readonly ring: KeyRing,
    readonly writingKeyId: string,
  ) {
    this.readingKeyIds = [...ring.keys()];
    const key = ring.get(writingKeyId);
    if (!key)
      throw badKeys(`writingKeyId '${writingKeyId}' is none of ${this.readingKeyIds.join(', ')}`);
    this.#key = key;
    this.#prefix = sealedPrefix(writingKeyId);
  }

  encrypt(plaintext: string, context: EncryptionContext): string {
    const index = this.#takeIv();
    const iv = this.#ivs.subarray(index * IV_BYTES, (index + 1) * IV_BYTES);
    const ivText = this.#ivTexts.slice(index * IV_CHARS, (index + 1) * IV_CHARS);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv);
    cipher.setAAD(aadScratch.write(additionalData(context), 'utf8'));
    const ciphertext = cipher.update(plaintext, 'utf8').toString('base64url');
    cipher.final();
    return `${this.#prefix}${ivText}:${ciphertext}:${cipher.getAuthTag().toString('base64url')}`;
  }

  decrypt(text: string, context: EncryptionContext): string {
    const sealed = parseSealedText(text);
    if (!sealed) throw decryptionFailed(context);
    const key = this.ring.get(sealed.keyId);
    if (!key) throw encryptionKeyMissing(sealed.keyId, this.readingKeyIds);
    try {
      return open(key, sealed, aadScratch.write(additionalData(context), 'utf8'));
    } catch (error) {
      throw decryptionFailed(context, error);
    }
  }

  /** Each IV is used once: the position only moves forward, and a used-up block is filled anew. */
  #takeIv(): number {
    if (this.#nextIv === IVS_PER_BLOCK) {
      randomFillSync(this.#ivs);
      this.#ivTexts = this.#ivs.toString('base64url');
      this.#nextIv = 0;
    }
    this.#nextIv += 1;
    return this.#nextIv - 1;
  }
}

function open(key: KeyObject, { iv, ciphertext, tag }: SealedText, aad: Buffer): string {
  const decipher = createDecipheriv(ALGORITHM, key, iv);
  decipher.setAuthTag(tag);
  decipher.setAAD(aad);
  const plaintext = decipher.update(ciphertext);
  // Throws unless the tag fits; nothing of the plaintext leaves before.
  decipher.final();
  return plaintext.toString('utf8');
}
