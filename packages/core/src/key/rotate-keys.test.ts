import { describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import {
  aConnection,
  aCredential,
  aTenant,
  aUser,
  createTestPlatform,
  testAppContext,
  testEncryptor,
} from '@tenon/testing';
import type { Credential } from '../credential/credential.js';
import type { Encryptor } from '../platform/encryptor.port.js';
import { CheckKeyRetirement } from './check-key-retirement.use-case.js';
import { GetKeyStatus } from './get-key-status.use-case.js';
import { joinEncryptors } from './join-encryptors.js';
import type { KeyRotation } from './key-rotation.js';
import { RotateKeys } from './rotate-keys.use-case.js';

const context = testAppContext();

/** Credentials that were written with the key `old`, and use cases in processes that write with `fresh` and read both. */
async function rotationWorld(count: number) {
  const { clock, crypto } = createTestPlatform();
  const [old, fresh] = [testEncryptor({ keyId: 'old' }), testEncryptor({ keyId: 'fresh' })];
  const before = createMemoryPersistence({ encryptor: old });
  const tenant = aTenant();
  await before.tenants.insert(tenant);
  const user = aUser({ tenantId: tenant.id });
  await before.users.insert(user);
  const credentials: Credential[] = [];
  for (let index = 0; index < count; index += 1) {
    const connection = aConnection({ tenantId: tenant.id, userId: user.id });
    await before.connections.insert(connection);
    const credential = aCredential({ tenantId: tenant.id, connectionId: connection.id });
    await before.credentials.insert(credential);
    credentials.push(credential);
  }
  const process = (encryptor: Encryptor = joinEncryptors({ writing: fresh, reading: [old] })) => {
    const persistence = before.reopen({ encryptor });
    const parts = { persistence, encryptor, platform: { clock, crypto } };
    return {
      persistence,
      rotate: new RotateKeys(parts),
      status: new GetKeyStatus(parts),
      retirement: new CheckKeyRetirement(parts),
    };
  };
  const readAllWith = async (encryptor: Encryptor): Promise<number> => {
    const reader = before.reopen({ encryptor });
    const found = credentials.map(({ connectionId }) =>
      reader.credentials.findByConnection(tenant.id, connectionId),
    );
    return (await Promise.all(found)).filter((each) => each?.material.reveal()).length;
  };
  return { clock, old, fresh, process, readAllWith };
}

describe('RotateKeys', () => {
  it('leaves nothing that needs the old key, tells its progress and says when the key may go', async () => {
    const { fresh, process, readAllWith } = await rotationWorld(25);
    const { rotate, status, retirement } = process();
    expect(await status.execute(context, {})).toMatchObject({
      writingKeyId: 'fresh',
      readingKeyIds: ['fresh', 'old'],
      usage: [{ entity: 'credentials', field: 'material', keyId: 'old', rows: 25 }],
      missingKeyIds: [],
      rotation: null,
    });
    await expect(retirement.execute(context, { keyId: 'old' })).rejects.toMatchObject({
      code: 'ENCRYPTION_KEY_IN_USE',
      message: expect.stringContaining('25 of credentials.material'),
    });
    const told: number[] = [];
    const rotation = await rotate.execute(context, {
      batch: 10,
      onProgress: ({ scanned }) => void told.push(scanned),
    });
    expect(rotation).toMatchObject({
      keyId: 'fresh',
      position: null,
      rewritten: 25,
      unreadable: 0,
    });
    expect(rotation.finishedAt).not.toBeNull();
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(25);
    expect((await status.execute(context, {})).usage).toEqual([
      { entity: 'credentials', field: 'material', keyId: 'fresh', rows: 25 },
    ]);
    expect(await retirement.execute(context, { keyId: 'old' })).toEqual({ keyId: 'old' });
    expect(await readAllWith(fresh)).toBe(25);
    // Once more changes nothing.
    expect(await rotate.execute(context, {})).toMatchObject({ rewritten: 0, scanned: 25 });
  });

  it('stops between two batches when it is asked to, and goes on from there', async () => {
    const { fresh, process, readAllWith } = await rotationWorld(25);
    const stop = new AbortController();
    const stopped = await process().rotate.execute(
      { ...context, signal: stop.signal },
      { batch: 10, onProgress: ({ scanned }) => scanned >= 10 && stop.abort() },
    );
    expect(stopped).toMatchObject({ scanned: 10, rewritten: 10, finishedAt: null });
    const rest = await process().rotate.execute(context, { batch: 10 });
    expect(rest).toMatchObject({ scanned: 25, rewritten: 25, position: null });
    expect(rest.startedAt).toEqual(stopped.startedAt);
    expect(await readAllWith(fresh)).toBe(25);
  });

  it('is done by one process at a time; another goes on when that one died', async () => {
    const { clock, fresh, old, process, readAllWith } = await rotationWorld(25);
    let left = 12;
    const both = joinEncryptors({ writing: fresh, reading: [old] });
    const dying: Encryptor = {
      ...both,
      encrypt: (text, place) =>
        (left -= 1) < 0 ? new Promise(() => undefined) : both.encrypt(text, place),
    };
    // Its process is gone, its lease too: nobody renews it.
    const first = process(dying);
    const leases = { ...first.persistence.leases };
    const dead = new RotateKeys({
      persistence: {
        secretFields: first.persistence.secretFields,
        keyRotations: first.persistence.keyRotations,
        leases: {
          ...leases,
          acquire: (input) => first.persistence.leases.acquire(input),
          renew: () => Promise.resolve(null),
          release: (lease) => first.persistence.leases.release(lease),
        },
      },
      encryptor: dying,
      platform: { clock, crypto: createTestPlatform().crypto },
    });
    void dead.execute(context, { batch: 10 });
    await clock.advance(1_000);
    const second = process().rotate;
    await expect(second.execute(context, {})).rejects.toMatchObject({
      code: 'KEY_ROTATION_RUNNING',
      retryable: true,
    });
    await clock.advance(60_000);
    const rotation = await second.execute(context, { batch: 10 });
    expect(rotation).toMatchObject({ position: null, scanned: 25, rewritten: 25 });
    expect(await readAllWith(fresh)).toBe(25);
  });

  it('keeps to a rate', async () => {
    const { clock, process } = await rotationWorld(25);
    const began = clock.monotonicMs();
    const state: { done: KeyRotation | null } = { done: null };
    const running = process().rotate.execute(context, { batch: 5, maxPerSecond: 5 });
    void running.then((rotation) => (state.done = rotation));
    for (let seconds = 0; state.done === null && seconds < 60; seconds += 1) {
      await clock.advance(1_000);
    }
    expect((await running).scanned).toBe(25);
    expect(clock.monotonicMs() - began).toBeGreaterThanOrEqual(5_000);
  });

  it('leaves what cannot be read as it is, and names the keys that are missing', async () => {
    const { fresh, process } = await rotationWorld(3);
    const { rotate, status } = process(fresh);
    expect(await rotate.execute(context, {})).toMatchObject({ rewritten: 0, unreadable: 3 });
    expect(await status.execute(context, {})).toMatchObject({ missingKeyIds: ['old'] });
  });

  it('refuses wrong input and keys that are not there, or write', async () => {
    const { process } = await rotationWorld(1);
    const { rotate, retirement } = process();
    await expect(rotate.execute(context, { batch: 0, maxPerSecond: -1 })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(/batch.*maxPerSecond/s),
    });
    await expect(retirement.execute(context, { keyId: 'odl' })).rejects.toMatchObject({
      message: expect.stringContaining('fresh, old'),
    });
    await expect(retirement.execute(context, { keyId: 'fresh' })).rejects.toMatchObject({
      code: 'ENCRYPTION_KEY_IN_USE',
    });
  });
});
