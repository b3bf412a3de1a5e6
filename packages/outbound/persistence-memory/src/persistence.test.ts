import { describe, expect, it } from '@jest/globals';
import { aUser, uniqueId } from '@tenon/testing';
import { createMemoryPersistence } from './persistence.js';

describe('createMemoryPersistence', () => {
  it('refuses unknown options', () => {
    expect(() => createMemoryPersistence({ encrypter: 1 } as object)).toThrow(
      "did you mean 'encryptor'?",
    );
  });

  it('keeps nothing of a transaction whose conflict was caught', async () => {
    const persistence = createMemoryPersistence();
    const user = aUser();
    const swallow = persistence.transaction(async ({ users }) => {
      await users.insert(user);
      await users.insert(user).catch(() => undefined);
    });
    await expect(swallow).rejects.toMatchObject({
      code: 'TRANSACTION_ABORTED',
      cause: { code: 'UNIQUE_CONFLICT' },
    });
    expect(await persistence.users.find(user.tenantId, user.id)).toBeNull();
  });

  it('refuses the outer repositories inside of a transaction', async () => {
    const persistence = createMemoryPersistence();
    const bypass = persistence.transaction(() => persistence.tenants.find(uniqueId()));
    await expect(bypass).rejects.toMatchObject({ code: 'TRANSACTION_BYPASSED' });
    const nested = persistence.transaction(() => persistence.transaction(async () => 1));
    await expect(nested).rejects.toMatchObject({ code: 'TRANSACTION_BYPASSED' });
  });

  it('lets work that outlives its transaction use the outer repositories', async () => {
    const persistence = createMemoryPersistence();
    const user = aUser();
    let late = Promise.resolve<unknown>(null);
    await persistence.transaction(async ({ users }) => {
      await users.insert(user);
      late = new Promise((resolve) => setTimeout(resolve, 5)).then(() =>
        persistence.users.find(user.tenantId, user.id),
      );
    });
    expect(await late).toEqual(user);
  });

  it('takes back a statement that fails halfway', async () => {
    const persistence = createMemoryPersistence();
    const { inspection } = persistence;
    const before = inspection.dump();
    const job = {
      id: uniqueId<never>(),
      message: {} as never,
      queue: 'q',
      delayMs: 0,
      groupId: null,
    };
    const at = new Date();
    await expect(persistence.outbox.add([job, job], at, at)).rejects.toMatchObject({
      code: 'UNIQUE_CONFLICT',
    });
    expect(inspection.dump()).toBe(before);
  });
});
