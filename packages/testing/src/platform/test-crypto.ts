import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Crypto, HmacInput, ScryptParameters } from '@tenon/core';

/** Real cryptography of `node:crypto`. */
export const testCrypto: Crypto = {
  randomToken: (bytes) => randomBytes(bytes).toString('base64url'),
  sha256: (text) => createHash('sha256').update(text).digest('base64url'),
  base64: (text) => Buffer.from(text).toString('base64'),
  hmac(input: HmacInput): string {
    const hmac = createHmac(input.algorithm, Buffer.from(input.key, input.keyEncoding ?? 'utf8'));
    for (const part of input.parts) hmac.update(part);
    return hmac.digest(input.output);
  },
  equal(a, b) {
    const left = Buffer.from(a);
    const right = Buffer.from(b);
    return left.length === right.length && timingSafeEqual(left, right);
  },
  scrypt: derive,
};

function derive(password: string, salt: string, parameters: ScryptParameters): Promise<string> {
  const { cost: N, blockSize: r, parallelization: p, keyLength } = parameters;
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) + 65_536 };
  return new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'base64url'), keyLength, options, (error, key) => {
      if (error) reject(error);
      else resolve(key.toString('base64url'));
    });
  });
}
