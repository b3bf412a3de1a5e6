import { describe, expect, it } from '@jest/globals';
import { testEncryptor } from '@tenon/testing';
import { entities } from '../platform/entities.js';
import { joinEncryptors } from './join-encryptors.js';
import { keyIdOf } from './key-id-of.js';
import { secretFieldNames, secretFieldPlace } from './secret-field.js';

const place = { tenantId: 't', table: 'credentials', column: 'material', rowId: 'r' };

describe('secret fields', () => {
  it('are those of the catalogue, each in rows with an id and a tenant', () => {
    const places = secretFieldNames.map((name) => secretFieldPlace(name));
    expect(places.map(({ table, column }) => `${table}.${column}`)).toEqual(
      expect.arrayContaining([
        'credentials.material',
        'authorization_sessions.code_verifier',
        'webhook_endpoints.signing_secret',
        'webhook_deliveries.body',
      ]),
    );
    for (const { entity } of secretFieldNames) {
      expect([entity, entities[entity].key]).toEqual([entity, ['id']]);
    }
    expect(new Set(places.map(({ tenantField }) => tenantField))).toEqual(new Set(['tenantId']));
  });
});

describe('keyIdOf', () => {
  it('finds the id in what encryptors write, of any version', async () => {
    expect(keyIdOf(await testEncryptor({ keyId: 'k_1-a' }).encrypt('x', place))).toBe('k_1-a');
    expect(keyIdOf('v2:kms:wrapped:iv:text:tag')).toBe('kms');
    expect(keyIdOf(`v10:${'k'.repeat(64)}:…`)).toBe('k'.repeat(64));
  });

  it('takes nothing else for an id', () => {
    for (const text of ['', 'v1', 'v1:', 'v1::', 'v1:k', 'x:k:', ' v1:k:', 'v1:k k:', 'v:k:']) {
      expect([text, keyIdOf(text)]).toEqual([text, null]);
    }
    expect(keyIdOf(`v1:${'k'.repeat(65)}:`)).toBeNull();
  });
});

describe('joinEncryptors', () => {
  const [old, fresh] = [testEncryptor({ keyId: 'old' }), testEncryptor({ keyId: 'fresh' })];
  const joined = joinEncryptors({ writing: fresh, reading: [old] });

  it('writes with one and reads what any of them wrote', async () => {
    expect([joined.writingKeyId, joined.readingKeyIds]).toEqual(['fresh', ['fresh', 'old']]);
    const sealed = await joined.encrypt('new', place);
    expect(keyIdOf(sealed)).toBe('fresh');
    expect(await joined.decrypt(sealed, place)).toBe('new');
    expect(await joined.decrypt(await old.encrypt('before', place), place)).toBe('before');
  });

  it('names a key that none of them has', async () => {
    const sealed = await testEncryptor({ keyId: 'gone' }).encrypt('x', place);
    expect(() => joined.decrypt(sealed, place)).toThrow(
      expect.objectContaining({
        code: 'ENCRYPTION_KEY_MISSING',
        details: { keyId: 'gone', known: ['fresh', 'old'] },
      }),
    );
    expect(() => joined.decrypt('no text form', place)).toThrow(
      expect.objectContaining({ code: 'DECRYPTION_FAILED' }),
    );
  });

  it('refuses two keys with one id', () => {
    const again = testEncryptor({ keyId: 'old' });
    expect(() => joinEncryptors({ writing: old, reading: [fresh, again] })).toThrow(
      expect.objectContaining({ code: 'MISCONFIGURED', message: expect.stringContaining("'old'") }),
    );
  });
});
