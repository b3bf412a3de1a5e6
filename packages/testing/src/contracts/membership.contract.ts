import { aMembership } from '../fixtures/entities.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

/** Tests of `MembershipRepository`. */
export function membershipContract({ describe, it, expect }: PersistenceSuite): void {
  describe('memberships', () => {
    it('memberships: insert keeps every field', async ({ persistence: db }) => {
      const world = await World.create(db);
      const { memberships } = db;
      const membership = await world.addMembership({ role: 'owner' });
      const { tenantId, organizationId, userId } = membership;
      expect(await memberships.find(tenantId, organizationId, userId)).toEqual(membership);
      expect(await memberships.find(tenantId, userId, organizationId)).toBeNull();
      expect(await memberships.find(tenantId, organizationId, uniqueId())).toBeNull();
    });

    it('memberships: of twenty inserts of one pair exactly one wins', async ({
      persistence: db,
    }) => {
      const world = await World.create(db);
      const { id: organizationId } = await world.addUser({ kind: 'organization' });
      const { id: userId } = await world.addUser();
      const codes = await atOnce(20, () => codeOf(world.addMembership({ organizationId, userId })));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(19);
      await expect(world.addMembership({ organizationId, userId })).rejects.toMatchObject({
        details: { key: 'member' },
      });
    });

    it('memberships: update sets the role, by version', async ({ persistence: db }) => {
      const membership = await (await World.create(db)).addMembership();
      const { tenantId, organizationId, userId, version } = membership;
      const updatedAt = later(membership.updatedAt, 5);
      const wish = { ...membership, role: 'admin', updatedAt } as const;
      const codes = await atOnce(20, () =>
        codeOf(db.memberships.update({ ...wish, userId: uniqueId() })),
      );
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'VERSION_CONFLICT')).toHaveLength(19);
      const changed = { ...wish, version: version + 1 };
      expect(await db.memberships.find(tenantId, organizationId, userId)).toEqual(changed);
      expect(await codeOf(db.memberships.update(aMembership({ tenantId })))).toBe(
        'VERSION_CONFLICT',
      );
    });

    it('memberships: list by organisation, user and role', async ({ persistence: db }) => {
      const world = await World.create(db);
      const first = await world.addMembership({ role: 'owner' });
      const { organizationId, userId } = first;
      const second = await world.addMembership({ organizationId });
      const third = await world.addMembership({ userId });
      const list = async (filter: Parameters<typeof db.memberships.list>[1]) =>
        (await db.memberships.list(world.tenantId, filter, firstPage)).items.map(({ id }) => id);
      const sorted = (...rows: { readonly id: string }[]) => rows.map(({ id }) => id).sort();
      expect((await list({})).sort()).toEqual(sorted(first, second, third));
      expect((await list({ organizationId })).sort()).toEqual(sorted(first, second));
      expect((await list({ userId })).sort()).toEqual(sorted(first, third));
      expect(await list({ organizationId, role: 'owner' })).toEqual([first.id]);
      expect(await list({ organizationId: userId })).toEqual([]);
    });

    it('memberships: go alone, or with either of their users', async ({ persistence: db }) => {
      const world = await World.create(db);
      const { memberships, users } = db;
      const first = await world.addMembership();
      const { organizationId, userId } = first;
      const byUser = await world.addMembership({ userId });
      const byOrganization = await world.addMembership({ organizationId });
      const kept = await world.addMembership();
      const all = async () =>
        (await memberships.list(world.tenantId, {}, firstPage)).items.map(({ id }) => id).sort();
      expect(await memberships.delete(world.tenantId, organizationId, userId)).toBe(true);
      expect(await memberships.delete(world.tenantId, organizationId, userId)).toBe(false);
      expect(await all()).toEqual([byUser.id, byOrganization.id, kept.id].sort());
      expect(await users.delete(world.tenantId, userId)).toBe(true);
      expect(await all()).toEqual([byOrganization.id, kept.id].sort());
      expect(await users.delete(world.tenantId, organizationId)).toBe(true);
      expect(await all()).toEqual([kept.id]);
    });
  });
}
