import type { User, UserId } from '@tenon/core';
import { anAuthorizationSession, aUser } from '../fixtures/entities.js';
import { uniqueName } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const passwordHash: User['passwordHash'] = {
  algorithm: 'scrypt',
  parameters: { cost: 16_384, blockSize: 8, parallelization: 1, keyLength: 32 },
  salt: 'c2FsdA',
  hash: 'aGFzaA',
};

/** Tests of `UserRepository`. */
export function userContract({ describe, it, expect }: PersistenceSuite): void {
  describe('users', () => {
    it('users: insert keeps every field', async ({ persistence }) => {
      const { tenantId } = await World.create(persistence);
      const organization = aUser({ tenantId, kind: 'organization' });
      const full = aUser({
        tenantId,
        username: uniqueName('user'),
        email: 'a@example.com',
        appUserId: uniqueName('app'),
        passwordHash,
        status: 'disabled',
        failedLogins: 3,
        lockedUntil: new Date('2026-01-02T03:04:05.678Z'),
      });
      for (const user of [organization, full]) {
        await persistence.users.insert(user);
        expect(await persistence.users.find(tenantId, user.id)).toEqual(user);
      }
      expect(await persistence.users.findByUsername(tenantId, full.username!)).toEqual(full);
      expect(await persistence.users.findByAppUserId(full.appUserId!)).toEqual(full);
    });

    it('users: a user name is unique in its tenant alone', async ({ persistence }) => {
      const [one, two] = [await World.create(persistence), await World.create(persistence)];
      const username = uniqueName('user');
      await one.addUser({ username });
      await two.addUser({ username });
      await expect(one.addUser({ username })).rejects.toMatchObject({
        code: 'UNIQUE_CONFLICT',
        category: 'conflict',
        details: { key: 'username' },
      });
    });

    it("users: the app's own id is unique across tenants", async ({ persistence }) => {
      const [one, two] = [await World.create(persistence), await World.create(persistence)];
      const appUserId = uniqueName('app');
      await one.addUser({ appUserId });
      await expect(two.addUser({ appUserId })).rejects.toMatchObject({
        code: 'UNIQUE_CONFLICT',
        details: { key: 'appUserId' },
      });
    });

    it('users: of twenty inserts with one user name exactly one wins', async ({ persistence }) => {
      const world = await World.create(persistence);
      const username = uniqueName('user');
      const codes = await atOnce(20, () => codeOf(world.addUser({ username })));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(19);
    });

    it('users: update changes every field, by version and unique key', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { users } = persistence;
      const taken = await world.addUser({ username: uniqueName('taken') });
      const user = await world.addUser({ username: uniqueName('user'), passwordHash });
      const next = { ...user, username: null, passwordHash: null, failedLogins: 4 };
      const changed = await users.update(next);
      expect(changed).toEqual({ ...next, version: user.version + 1 });
      expect(await users.find(world.tenantId, user.id)).toEqual(changed);
      expect(await users.findByUsername(world.tenantId, user.username!)).toBeNull();
      expect(await codeOf(users.update(user))).toBe('VERSION_CONFLICT');
      await expect(users.update({ ...changed, username: taken.username })).rejects.toMatchObject({
        code: 'UNIQUE_CONFLICT',
        details: { key: 'username' },
      });
      expect(await users.find(world.tenantId, user.id)).toEqual(changed);
    });

    it('users: list filters by kind', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { users } = persistence;
      const organization = await world.addUser({ kind: 'organization' });
      const list = async (filter: Parameters<typeof users.list>[1]): Promise<UserId[]> =>
        (await users.list(world.tenantId, filter, firstPage)).items.map(({ id }) => id).sort();
      expect(await list({})).toEqual([world.user.id, organization.id].sort());
      expect(await list({ kind: 'organization' })).toEqual([organization.id]);
    });

    it('users: delete takes tokens and authorization sessions along', async ({ persistence }) => {
      const world = await World.create(persistence);
      const gone = await world.addUser();
      const session = anAuthorizationSession({ tenantId: world.tenantId, userId: gone.id });
      await persistence.authorizationSessions.insert(session);
      const token = await world.addToken({ userId: gone.id });
      const kept = await world.addToken();
      expect(await persistence.users.delete(world.tenantId, gone.id)).toBe(true);
      expect(await persistence.users.delete(world.tenantId, gone.id)).toBe(false);
      expect(await persistence.users.find(world.tenantId, gone.id)).toBeNull();
      expect(await persistence.tokens.findWithOwner(token.id)).toBeNull();
      const { stateHash, createdAt } = session;
      expect(await persistence.authorizationSessions.consume(stateHash, createdAt)).toBeNull();
      const tokens = await persistence.tokens.list(world.tenantId, undefined, firstPage);
      expect(tokens.items.map(({ id }) => id)).toEqual([kept.id]);
    });
  });
}
