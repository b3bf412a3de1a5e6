import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aesEncryptorFromEnvironment, createAesEncryptor } from './create-aes-encryptor.js';
import { generateKey } from './key-ring.js';

const context = { tenantId: 't', table: 'a', column: 'b', rowId: 'r' };
const good = generateKey();
const zero = Buffer.alloc(32).toString('base64');

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'MISCONFIGURED' });
    return (error as Error).message;
  }
  throw new Error('It did not refuse');
}

describe('createAesEncryptor', () => {
  it.each([
    ['no key', {}, 'k1', 'there is none'],
    ['a short key', { k1: Buffer.alloc(16, 1).toString('base64') }, 'k1', "'k1' is not 32 bytes"],
    ['a key that is no base64', { k1: '*'.repeat(44) }, 'k1', "'k1' is not 32 bytes"],
    ['the all-zero key', { k1: zero }, 'k1', 'one byte repeated'],
    ['a wrong writing id', { k1: good }, 'k2', "'k2' is none of k1"],
    ['an id with a colon', { 'k:1': good }, 'k:1', 'letters, digits'],
  ])('refuses %s and says what to do', (...[, keys, writingKeyId, problem]) => {
    const message = messageOf(() => createAesEncryptor({ keys, writingKeyId }));
    expect(message).toContain(problem);
    expect(message).toContain('openssl rand -base64 32');
    for (const key of Object.values(keys)) expect(message).not.toContain(key);
  });

  it('refuses unknown options', () => {
    const options = { keys: { k1: good }, writingKeyid: 'k1' } as never;
    expect(messageOf(() => createAesEncryptor(options))).toContain("did you mean 'writingKeyId'");
    expect(messageOf(() => createAesEncryptor({ local: true, keyfile: 'x' } as never))).toContain(
      "did you mean 'keyFile'",
    );
    expect(messageOf(() => createAesEncryptor({ local: false } as never))).toContain("'local'");
  });

  it('makes a key of its own only in local mode, loudly', () => {
    const warnings: string[] = [];
    const make = () =>
      createAesEncryptor({ local: true, warn: (message) => void warnings.push(message) });
    const [first, second] = [make(), make()];
    expect(first.decrypt(first.encrypt('x', context), context)).toBe('x');
    expect(() => second.decrypt(first.encrypt('x', context), context)).toThrow();
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('TENON_ENCRYPTION_KEYS');
  });

  it('keeps a local key in a file of the owner', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenon-'));
    try {
      const keyFile = join(folder, '.tenon', 'encryption.key');
      const make = () => createAesEncryptor({ local: true, keyFile, warn: () => undefined });
      expect(make().decrypt(make().encrypt('x', context), context)).toBe('x');
      expect(statSync(keyFile).mode & 0o077).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('aesEncryptorFromEnvironment', () => {
  it('reads the ring; the first key writes', () => {
    const other = generateKey();
    const encryptor = aesEncryptorFromEnvironment({
      TENON_ENCRYPTION_KEYS: ` k2:${good}, k1:${other} `,
    });
    expect(encryptor.writingKeyId).toBe('k2');
    expect(encryptor.readingKeyIds).toEqual(['k2', 'k1']);
  });

  it.each([
    ['nothing', undefined, 'is not set'],
    ['emptiness', ' ', 'is not set'],
    ['a bare key', good, '<id>:<key> pairs'],
    ['two keys with one id', `k1:${good},k1:${generateKey()}`, "two keys have the id 'k1'"],
    ['the all-zero key', `k1:${zero}`, 'one byte repeated'],
    ['a trailing comma', `k1:${good},`, '<id>:<key> pairs'],
  ])('refuses %s', (_name, value, problem) => {
    const message = messageOf(() => aesEncryptorFromEnvironment({ TENON_ENCRYPTION_KEYS: value }));
    expect(message).toContain(problem);
    expect(message).not.toContain(good);
  });
});
