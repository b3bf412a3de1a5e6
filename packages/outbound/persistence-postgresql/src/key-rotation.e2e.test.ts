import { afterAll, describe, expect, it } from '@jest/globals';
import { hasCode, joinEncryptors, RotateKeys, secret } from '@tenon/core';
import type { Credential } from '@tenon/core';
import {
  aConnection,
  aCredential,
  aTenant,
  aUser,
  createTestPlatform,
  testAppContext,
  testEncryptor,
} from '@tenon/testing';
import { rawAccess, reopenWith, testPersistence } from './postgres.fixture.js';

const COUNT = 400;
const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

describe('a rotation of keys while the app works', () => {
  it('loses no concurrent change, and in the end nothing needs the old key', async () => {
    const [old, fresh] = [testEncryptor({ keyId: 'old' }), testEncryptor({ keyId: 'fresh' })];
    const both = joinEncryptors({ writing: fresh, reading: [old] });
    const { persistence: before, url } = await testPersistence({ encryptor: old });
    const during = reopenWith(url, both);
    const after = reopenWith(url, fresh);
    closing.push(
      () => before.close(),
      () => during.close(),
      () => after.close(),
    );
    const tenant = aTenant();
    const user = aUser({ tenantId: tenant.id });
    await before.tenants.insert(tenant);
    await before.users.insert(user);
    const newest = new Map<Credential['connectionId'], string>();
    for (let index = 0; index < COUNT; index += 1) {
      const connection = aConnection({ tenantId: tenant.id, userId: user.id });
      await before.connections.insert(connection);
      const credential = aCredential({ tenantId: tenant.id, connectionId: connection.id });
      await before.credentials.insert(credential);
      newest.set(connection.id, JSON.stringify(credential.material.reveal()));
    }
    const state = { rotating: true };
    const read = async (connectionId: Credential['connectionId']): Promise<Credential> => {
      const found = await during.credentials.findByConnection(tenant.id, connectionId);
      if (!found) throw new Error('A credential is gone');
      return found;
    };
    // Refreshes: read, change, compare and set. A rotation in between is no conflict.
    let conflicts = 0;
    const ids = [...newest.keys()];
    const refresh = async (offset: number): Promise<void> => {
      for (let round = offset; state.rotating; round += 7) {
        const connectionId = ids[round % COUNT]!;
        const credential = await read(connectionId);
        expect(JSON.stringify(credential.material.reveal())).toBe(newest.get(connectionId));
        const material = {
          ...({ type: 'oauth2', accessToken: `token ${round}` } as const),
          ...{ refreshToken: null, tokenType: 'Bearer' },
        };
        try {
          await during.credentials.update({ ...credential, material: secret(material) });
          newest.set(connectionId, JSON.stringify(material));
        } catch (error) {
          if (!hasCode(error, 'VERSION_CONFLICT')) throw error;
          conflicts += 1;
        }
      }
    };
    const { clock, crypto } = createTestPlatform();
    const rotate = new RotateKeys({
      persistence: during,
      encryptor: both,
      platform: { clock, crypto },
    });
    const stop = new AbortController();
    const writer = refresh(0);
    const stopped = await rotate.execute(
      { ...testAppContext(), signal: stop.signal },
      { batch: 20, onProgress: ({ scanned }) => scanned >= 100 && stop.abort() },
    );
    expect(stopped.finishedAt).toBeNull();
    const rotation = await rotate.execute(testAppContext(), { batch: 20 });
    state.rotating = false;
    await writer;
    expect(rotation).toMatchObject({ position: null, unreadable: 0 });
    expect(conflicts).toBe(0);
    for (const [connectionId, material] of newest) {
      const found = await after.credentials.findByConnection(tenant.id, connectionId);
      expect(JSON.stringify(found?.material.reveal())).toBe(material);
    }
    expect(await rawAccess(url).dump()).not.toContain('v1:old:');
  });
});
