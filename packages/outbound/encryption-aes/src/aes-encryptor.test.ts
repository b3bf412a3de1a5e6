import { describe, expect, it } from '@jest/globals';
import type { EncryptionContext } from '@tenon/core';
import fc from 'fast-check';
import { createDecipheriv } from 'node:crypto';
import { createAesEncryptor } from './create-aes-encryptor.js';
import { generateKey } from './key-ring.js';

const k1 = generateKey();
const k2 = generateKey();
const encryptor = createAesEncryptor({ keys: { k1 }, writingKeyId: 'k1' });
const context: EncryptionContext = {
  tenantId: 'tenant',
  table: 'credentials',
  column: 'material',
  rowId: 'row',
};
const wellFormed = fc.string({ unit: 'grapheme', maxLength: 400 });
const contexts = fc.record({
  tenantId: wellFormed,
  table: wellFormed,
  column: wellFormed,
  rowId: wellFormed,
});

describe('AesEncryptor', () => {
  it('decrypts what it encrypted, whatever text and place', () => {
    fc.assert(
      fc.property(wellFormed, contexts, (plaintext, place) => {
        expect(encryptor.decrypt(encryptor.encrypt(plaintext, place), place)).toBe(plaintext);
      }),
    );
    const long = '€'.repeat(100_000);
    expect(encryptor.decrypt(encryptor.encrypt(long, context), context)).toBe(long);
  });

  it('writes the text form, which node:crypto reads by itself', () => {
    const [version, keyId, iv, ciphertext, tag, ...rest] = encryptor
      .encrypt('hello', context)
      .split(':');
    expect([version, keyId, rest]).toEqual(['v1', 'k1', []]);
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(k1, 'base64'),
      Buffer.from(iv!, 'base64url'),
    );
    decipher.setAAD(Buffer.from('6:tenant|11:credentials|8:material|3:row'));
    decipher.setAuthTag(Buffer.from(tag!, 'base64url'));
    const plaintext = decipher.update(Buffer.from(ciphertext!, 'base64url'));
    expect(Buffer.concat([plaintext, decipher.final()]).toString()).toBe('hello');
  });

  it('refuses a text with any character changed, added or missing', () => {
    const sealed = encryptor.encrypt('some secret text', context);
    const character = fc.constantFrom(...Array.from('ABab01-_:+/= %é\n'));
    const change = fc.record({
      at: fc.nat(sealed.length - 1),
      removed: fc.nat(1),
      added: fc.oneof(fc.constant(''), character),
    });
    fc.assert(
      fc.property(change, ({ at, removed, added }) => {
        const changed = sealed.slice(0, at) + added + sealed.slice(at + removed);
        fc.pre(changed !== sealed);
        expect(() => encryptor.decrypt(changed, context)).toThrow(
          expect.objectContaining({
            code: expect.stringMatching(/^(DECRYPTION_FAILED|ENCRYPTION_KEY_MISSING)$/),
          }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a text in any other place', () => {
    fc.assert(
      fc.property(contexts, contexts, (here, there) => {
        fc.pre(JSON.stringify(Object.values(here)) !== JSON.stringify(Object.values(there)));
        expect(() => encryptor.decrypt(encryptor.encrypt('x', here), there)).toThrow(
          expect.objectContaining({ code: 'DECRYPTION_FAILED' }),
        );
      }),
    );
  });

  it('does not mix up parts of a place that join to the same text', () => {
    const here = { tenantId: 'a|1:b', table: 't', column: 'c', rowId: 'r' };
    const there = { tenantId: 'a', table: 'b|1:t', column: 'c', rowId: 'r' };
    const sealed = encryptor.encrypt('x', here);
    expect(() => encryptor.decrypt(sealed, there)).toThrow('cannot be decrypted');
  });

  it('never uses an initialisation vector twice', () => {
    const ivs = new Set<string>();
    for (let count = 0; count < 3_000; count += 1)
      ivs.add(encryptor.encrypt('', context).split(':')[2]!);
    expect(ivs.size).toBe(3_000);
    for (const iv of ivs) expect(iv).toMatch(/^[\w-]{16}$/);
  });

  it('reads with every key of the ring and writes with one', () => {
    const both = createAesEncryptor({ keys: { k2, k1 }, writingKeyId: 'k2' });
    expect(both.readingKeyIds).toEqual(['k2', 'k1']);
    expect(both.decrypt(encryptor.encrypt('old', context), context)).toBe('old');
    const sealed = both.encrypt('new', context);
    expect(sealed.startsWith('v1:k2:')).toBe(true);
    expect(() => encryptor.decrypt(sealed, context)).toThrow(
      expect.objectContaining({
        code: 'ENCRYPTION_KEY_MISSING',
        message: expect.stringContaining("'k2'"),
      }),
    );
  });

  it('refuses another key under the same id', () => {
    const other = createAesEncryptor({ keys: { k1: k2 }, writingKeyId: 'k1' });
    expect(() => other.decrypt(encryptor.encrypt('x', context), context)).toThrow(
      expect.objectContaining({ code: 'DECRYPTION_FAILED' }),
    );
  });
});
