import type { TokenId } from '@tenon/core';
import { aToken } from '../fixtures/entities.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `TokenRepository`. */
export function tokenContract({ describe, it, expect }: PersistenceSuite): void {
  describe('tokens', () => {
    it('tokens: insert keeps every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const full = aToken({
        ...world.owner,
        scopes: ['users:read', 'runs:write'],
        expiresAt: later(at, 1),
        lastUsedAt: later(at, 2),
        revokedAt: later(at, 3),
      });
      for (const token of [full, aToken({ ...world.owner, scopes: [] })]) {
        await persistence.tokens.insert(token);
        expect((await persistence.tokens.findWithOwner(token.id))?.token).toEqual(token);
      }
    });

    it('tokens: findWithOwner answers the state of user and tenant', async ({ persistence }) => {
      const world = await World.create(persistence);
      const user = await world.addUser({ kind: 'organization', status: 'disabled' });
      await persistence.tenants.update({ ...world.tenant, status: 'suspended' });
      const token = await world.addToken({ userId: user.id });
      expect(await persistence.tokens.findWithOwner(token.id)).toEqual({
        token,
        userKind: 'organization',
        userStatus: 'disabled',
        tenantStatus: 'suspended',
      });
      for (const id of [uniqueId(), 'x', '', "'"]) {
        expect(await persistence.tokens.findWithOwner(id as TokenId)).toBeNull();
      }
    });

    it('tokens: list is by tenant and, when given, by user', async ({ persistence }) => {
      const world = await World.create(persistence);
      const other = await world.addUser();
      const mine = await world.addToken();
      const theirs = await world.addToken({ userId: other.id });
      const ids = async (userId?: typeof other.id): Promise<TokenId[]> =>
        (await persistence.tokens.list(world.tenantId, userId, firstPage)).items
          .map(({ id }) => id)
          .sort();
      expect(await ids()).toEqual([mine.id, theirs.id].sort());
      expect(await ids(other.id)).toEqual([theirs.id]);
    });

    it('tokens: revoke keeps the first time and respects the owner', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { tokens } = persistence;
      const { id } = await world.addToken();
      const revokedAt = async (): Promise<Date | null | undefined> =>
        (await tokens.findWithOwner(id))?.token.revokedAt;
      expect(await tokens.revoke(world.tenantId, id, { at, ownerId: uniqueId() })).toBe(false);
      expect(await revokedAt()).toBeNull();
      expect(await tokens.revoke(world.tenantId, id, { at, ownerId: world.user.id })).toBe(true);
      expect(await tokens.revoke(world.tenantId, id, { at: later(at, 5_000) })).toBe(true);
      expect(await revokedAt()).toEqual(at);
      expect(await tokens.revoke(world.tenantId, uniqueId(), { at })).toBe(false);
    });

    it('tokens: revokeAllOf counts those that were not revoked', async ({ persistence }) => {
      const world = await World.create(persistence);
      const other = await world.addUser();
      const old = await world.addToken({ revokedAt: at });
      await atOnce(3, () => world.addToken());
      const kept = await world.addToken({ userId: other.id });
      const { tokens } = persistence;
      const now = later(at, 60_000);
      expect(await tokens.revokeAllOf(world.tenantId, world.user.id, now)).toBe(3);
      expect(await tokens.revokeAllOf(world.tenantId, world.user.id, now)).toBe(0);
      expect((await tokens.findWithOwner(old.id))?.token.revokedAt).toEqual(at);
      expect((await tokens.findWithOwner(kept.id))?.token.revokedAt).toBeNull();
    });

    it('tokens: touch moves forward only', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { id } = await world.addToken();
      const { tokens } = persistence;
      const offsets = [5, 3, 9, 1, 8, 9, 2];
      await atOnce(offsets.length, (index) => tokens.touch(id, later(at, offsets[index]!)));
      expect((await tokens.findWithOwner(id))?.token.lastUsedAt).toEqual(later(at, 9));
      await tokens.touch(id, at);
      expect((await tokens.findWithOwner(id))?.token.lastUsedAt).toEqual(later(at, 9));
      await tokens.touch(uniqueId(), at);
    });
  });
}
