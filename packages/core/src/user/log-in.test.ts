import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Crypto, ScryptParameters } from '../platform/crypto.port.js';
import { SetTenantStatus } from '../tenant/set-tenant-status.use-case.js';
import type { TenantId } from '../tenant/tenant.js';
import { AuthenticateToken } from '../token/authenticate-token.use-case.js';
import { CreateUser } from './create-user.use-case.js';
import { cheap, identityWorld, PASSWORD, person, type IdentityWorld } from './identity.fixture.js';
import { LOCKOUT_MS } from './lockout.js';
import { LogIn } from './log-in.use-case.js';
import { PASSWORD_PARAMETERS } from './password.js';
import type { UserId } from './user.js';

let world: IdentityWorld;
let userId: UserId;

beforeEach(async () => {
  world = await identityWorld();
  userId = (await person(world, { username: 'ann' })).user.id;
});

interface Attempt {
  readonly tenantId?: TenantId;
  readonly username?: string;
  readonly password?: string;
  readonly ttlMs?: number;
}

const attempt = (input: Attempt = {}) =>
  new LogIn(world).execute(world.app, {
    tenantId: world.tenant.id,
    username: 'ann',
    password: PASSWORD,
    ...input,
  });
const stored = async () => (await world.users.find(world.tenant.id, userId))!;

/** Crypto and users that count what is asked of them. */
function counted() {
  const calls: string[] = [];
  const crypto: Crypto = {
    ...world.crypto,
    scrypt: (password, salt, parameters) => {
      calls.push(`scrypt ${parameters.cost}`);
      return world.crypto.scrypt(password, salt, parameters);
    },
  };
  const users = new Proxy(world.users, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...input: unknown[]) => unknown;
      return (...input: unknown[]) => {
        calls.push(String(name));
        return method.apply(target, input);
      };
    },
  });
  return { calls, parts: { ...world, crypto, users } };
}

describe('LogIn', () => {
  it('answers a token that authenticates', async () => {
    const issued = await attempt({ username: ' ANN ', ttlMs: 60_000 });
    expect(issued.token).toMatchObject({
      userId,
      scopes: ['*'],
      expiresAt: new Date(world.clock.now().getTime() + 60_000),
    });
    expect(issued.token).not.toHaveProperty('hash');
    const context = await new AuthenticateToken(world).execute(world.app, {
      bearer: issued.bearer,
    });
    expect(context).toMatchObject({ userId, tenantId: world.tenant.id, visibility: 'own' });
  });

  it('takes a password in any Unicode form', async () => {
    const password = 'pâsswörd für Ann';
    await new CreateUser(world).execute(world.backend, {
      kind: 'individual',
      username: 'nfc',
      password: password.normalize('NFC'),
    });
    await attempt({ username: 'nfc', password: password.normalize('NFD') });
  });

  it('gives one error and does the same work for every reason to refuse', async () => {
    const person2 = await person(world, { username: 'off' });
    const off = await world.users.find(world.tenant.id, person2.user.id);
    await world.users.update({ ...off!, status: 'disabled' });
    const locked = await person(world, { username: 'locked' });
    const row = await world.users.find(world.tenant.id, locked.user.id);
    await world.users.update({ ...row!, failedLogins: 5, lockedUntil: new Date(9e12) });
    await new CreateUser(world).execute(world.backend, {
      kind: 'individual',
      username: 'nopassword',
    });
    const attempts: Attempt[] = [
      { password: 'wrong password' },
      { password: '' },
      { password: 'x'.repeat(10_000) },
      { username: 'nobody' },
      { username: 'a\u0000b' },
      { username: 'nopassword' },
      { tenantId: world.ids.next<TenantId>() },
      { tenantId: 'nonsense' as TenantId },
      { username: 'off' },
      { username: 'locked' },
      { username: 'locked', password: 'wrong password' },
    ];
    const seen = new Set<string>();
    for (const input of attempts) {
      const { calls, parts } = counted();
      const error: unknown = await new LogIn(parts)
        .execute(world.app, {
          tenantId: world.tenant.id,
          username: 'ann',
          password: PASSWORD,
          ...input,
        })
        .catch((e: unknown) => e);
      const { code, message } = error as { code: string; message: string };
      seen.add(`${code} ${message} ${calls.join()}`);
    }
    expect([...seen]).toEqual([
      expect.stringMatching(/^LOGIN_FAILED .* findByUsername,scrypt 16,find,update$/),
    ]);
  });

  it('refuses users of suspended tenants', async () => {
    const input = { tenantId: world.tenant.id, status: 'suspended' } as const;
    await new SetTenantStatus(world).execute(world.app, input);
    await expect(attempt()).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    expect(await stored()).toMatchObject({ failedLogins: 0 });
  });

  it('pauses after five failures in a row and goes on after 15 minutes', async () => {
    const fail = () =>
      expect(attempt({ password: 'wrong password' })).rejects.toMatchObject({
        code: 'LOGIN_FAILED',
      });
    for (let count = 0; count < 4; count += 1) await fail();
    await attempt();
    expect(await stored()).toMatchObject({ failedLogins: 0, lockedUntil: null });
    for (let count = 0; count < 5; count += 1) await fail();
    await expect(attempt()).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await world.clock.advance(LOCKOUT_MS - 1);
    await expect(attempt()).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    await world.clock.advance(1);
    await fail();
    expect(await stored()).toMatchObject({ failedLogins: 1, lockedUntil: null });
    await attempt();
  });

  it('counts parallel failures and admits nobody who finishes after the pause began', async () => {
    const failures = Array.from({ length: 20 }, () => attempt({ password: 'wrong password' }));
    await Promise.allSettled(failures);
    expect(await stored()).toMatchObject({ failedLogins: 5 });
    // This one read the user while it was open; its hashing ends when others have failed.
    await world.clock.advance(LOCKOUT_MS);
    const crypto: Crypto = {
      ...world.crypto,
      scrypt: async (...input) => {
        await Promise.allSettled(Array.from({ length: 5 }, () => attempt({ password: 'wrong' })));
        return world.crypto.scrypt(...input);
      },
    };
    const late = new LogIn({ ...world, crypto }).execute(world.app, {
      tenantId: world.tenant.id,
      username: 'ann',
      password: PASSWORD,
    });
    await expect(late).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
  });

  it('counts every failure when another process changes the row in between', async () => {
    let interruptions = 3;
    const users = Object.assign(Object.create(world.users) as typeof world.users, {
      find: async (tenantId: TenantId, id: UserId) => {
        const row = await world.users.find(tenantId, id);
        if (row && interruptions-- > 0) await world.users.update({ ...row, email: 'a@b.example' });
        return row;
      },
      update: (row: never) => world.users.update(row),
      findByUsername: (...key: [TenantId, string]) => world.users.findByUsername(...key),
    });
    const input = { tenantId: world.tenant.id, username: 'ann', password: 'wrong password' };
    await expect(new LogIn({ ...world, users }).execute(world.app, input)).rejects.toMatchObject({
      code: 'LOGIN_FAILED',
    });
    expect(await stored()).toMatchObject({ failedLogins: 1, email: 'a@b.example' });
    interruptions = Infinity;
    await expect(new LogIn({ ...world, users }).execute(world.app, input)).rejects.toMatchObject({
      code: 'LOGIN_FAILED',
    });
  });

  it('hashes again when parameters are raised, and never lowers them', async () => {
    const raised: ScryptParameters = { ...cheap, cost: 64 };
    world = { ...world, passwordParameters: raised };
    await attempt();
    expect((await stored()).passwordHash?.parameters).toEqual(raised);
    world = { ...world, passwordParameters: cheap };
    await attempt();
    expect((await stored()).passwordHash?.parameters).toEqual(raised);
  });

  it('uses parameters of at least 2^15, 8, 1 by default', async () => {
    expect(PASSWORD_PARAMETERS).toMatchObject({ cost: 2 ** 15, blockSize: 8, parallelization: 1 });
    const { passwordParameters: _cheap, ...defaults } = world;
    const username = 'slow';
    await new CreateUser(defaults).execute(world.backend, {
      kind: 'individual',
      username,
      password: PASSWORD,
    });
    await new LogIn(defaults).execute(world.app, {
      tenantId: world.tenant.id,
      username,
      password: PASSWORD,
    });
  });

  it('refuses lifetimes that are none', async () => {
    for (const ttlMs of [0, -1, 1.5, NaN, 1e15]) {
      await expect(attempt({ ttlMs })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });
});
