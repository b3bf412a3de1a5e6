import { createHmac, hash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { validateOptions } from '@tenon/core';
import type { Crypto, HmacInput, ScryptParameters } from '@tenon/core';
import { Limiter } from './limiter.js';

/** Options of {@link NodeCrypto}. */
export interface NodeCryptoOptions {
  /** Password hashes computed at once. Each takes 128 × cost × blockSize bytes (32 MiB by default). Default: 2. */
  readonly scryptConcurrency?: number;
  /** Password hashes that may wait for their turn before further ones are refused with `CRYPTO_BUSY`. Default: 200. */
  readonly scryptMaxWaiting?: number;
}

type Pair = readonly [left: Buffer, right: Buffer];

/** Buffers to compare in, by the length of the text: hashes and keys have few lengths and are compared often. */
const pairs: (Pair | undefined)[] = new Array<Pair | undefined>(129).fill(undefined);

function newPair(length: number): Pair {
  return [Buffer.alloc(length * 2), Buffer.alloc(length * 2)];
}

function pairOf(length: number): Pair {
  return (pairs[length] ??= newPair(length));
}

/** Cryptography of `node:crypto`. */
export class NodeCrypto implements Crypto {
  readonly #scrypts: Limiter;

  constructor(options: NodeCryptoOptions = {}) {
    const { scryptConcurrency, scryptMaxWaiting } = validateOptions<Required<NodeCryptoOptions>>(
      'NodeCrypto',
      options,
      { defaults: { scryptConcurrency: 2, scryptMaxWaiting: 200 } },
    );
    this.#scrypts = new Limiter({ concurrency: scryptConcurrency, maxWaiting: scryptMaxWaiting });
  }

  randomToken(bytes: number): string {
    return randomBytes(bytes).toString('base64url');
  }

  sha256(text: string): string {
    return hash('sha256', text, 'base64url');
  }

  base64(text: string): string {
    return Buffer.from(text).toString('base64');
  }

  hmac(input: HmacInput): string {
    const hmac = createHmac(input.algorithm, Buffer.from(input.key, input.keyEncoding ?? 'utf8'));
    for (const part of input.parts) hmac.update(part);
    return hmac.digest(input.output);
  }

  equal(a: string, b: string): boolean {
    if (a.length !== b.length) return false;
    const [left, right] = a.length < pairs.length ? pairOf(a.length) : newPair(a.length);
    // Two bytes for each character, whatever it is: no text looks like another one.
    left.write(a, 'utf16le');
    right.write(b, 'utf16le');
    return timingSafeEqual(left, right);
  }

  scrypt(password: string, salt: string, parameters: ScryptParameters): Promise<string> {
    return this.#scrypts.run(() => derive(password, salt, parameters));
  }
}

function derive(password: string, salt: string, parameters: ScryptParameters): Promise<string> {
  const { cost, blockSize, parallelization, keyLength } = parameters;
  // RFC 7914 §2 needs 128·r·(N + p + 1) bytes and some; OpenSSL refuses anything above `maxmem`.
  const maxmem = 128 * blockSize * (cost + parallelization + 2) + 65_536;
  return new Promise((resolve, reject) => {
    scrypt(
      password,
      Buffer.from(salt, 'base64url'),
      keyLength,
      { N: cost, r: blockSize, p: parallelization, maxmem },
      (error, key) => {
        if (error) reject(error);
        else resolve(key.toString('base64url'));
      },
    );
  });
}
