import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { NodeCrypto } from './node-crypto.js';

const crypto = new NodeCrypto();
const cheap = { cost: 16, blockSize: 1, parallelization: 1, keyLength: 64 };

describe('NodeCrypto', () => {
  it('makes random tokens of the asked length', () => {
    const tokens = Array.from({ length: 200 }, () => crypto.randomToken(32));
    expect(new Set(tokens).size).toBe(200);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('hashes like the streaming interface', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(crypto.sha256(text)).toBe(createHash('sha256').update(text).digest('base64url'));
      }),
    );
  });

  it('agrees with the test case 2 of RFC 4231 and joins parts', () => {
    const input = {
      algorithm: 'sha256',
      key: 'Jefe',
      parts: ['what do ya want ', Buffer.from('for nothing?')],
      output: 'hex',
    } as const;
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(crypto.hmac(input)).toBe(expected);
    const encodings = { base64: 'SmVmZQ==', hex: '4a656665' } as const;
    for (const [keyEncoding, key] of Object.entries(encodings)) {
      expect(
        crypto.hmac({ ...input, key, keyEncoding: keyEncoding as keyof typeof encodings }),
      ).toBe(expected);
    }
  });

  it('compares as === does, whatever the text and its length', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const text = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit, maxLength: 3 }));
    expect(crypto.equal('\ud800', '\udfff')).toBe(false);
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(crypto.equal(a, b)).toBe(a === b);
        expect(crypto.equal(a, a)).toBe(true);
        expect(crypto.equal(a, `${a}x`)).toBe(false);
      }),
    );
  });

  it('agrees with the test vector of RFC 7914 §12', async () => {
    const salt = Buffer.from('NaCl').toString('base64url');
    const parameters = { cost: 1024, blockSize: 8, parallelization: 16, keyLength: 64 };
    const key = await crypto.scrypt('password', salt, parameters);
    expect(Buffer.from(key, 'base64url').toString('hex')).toBe(
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    );
  });

  it('works with large costs', async () => {
    const key = await crypto.scrypt('p', 'c2FsdA', { ...cheap, cost: 2 ** 17, blockSize: 8 });
    expect(Buffer.from(key, 'base64url')).toHaveLength(64);
  });

  it('refuses further passwords when too many wait, and recovers', async () => {
    const small = new NodeCrypto({ scryptConcurrency: 1, scryptMaxWaiting: 2 });
    const tries = Array.from({ length: 5 }, () => small.scrypt('p', 'c2FsdA', cheap));
    const results = await Promise.allSettled(tries);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    await expect(small.scrypt('p', 'c2FsdA', { ...cheap, cost: 3 })).rejects.toThrow();
    await expect(small.scrypt('p', 'c2FsdA', cheap)).resolves.toHaveLength(86);
  });
});
