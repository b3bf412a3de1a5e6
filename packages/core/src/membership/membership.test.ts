import { beforeEach, describe, expect, it } from '@jest/globals';
import { uniqueId } from '@tenon/testing';
import type { Context } from '../platform/context.js';
import { CreateTenant } from '../tenant/create-tenant.use-case.js';
import { CreateUser } from '../user/create-user.use-case.js';
import { identityWorld, person } from '../user/identity.fixture.js';
import type { IdentityWorld } from '../user/identity.fixture.js';
import type { UserId } from '../user/user.js';
import { AddMember } from './add-member.use-case.js';
import { ChangeMemberRole } from './change-member-role.use-case.js';
import { ListMembers } from './list-members.use-case.js';
import { ListOrganizations } from './list-organizations.use-case.js';
import type { MembershipRole } from './membership.js';
import { RemoveMember } from './remove-member.use-case.js';

let world: IdentityWorld;
let organizationId: UserId;

beforeEach(async () => {
  world = await identityWorld();
  const input = { kind: 'organization' } as const;
  organizationId = (await new CreateUser(world).execute(world.backend, input)).id;
});

/** A person in the organisation. */
async function member(username: string, role: MembershipRole) {
  const { user, context } = await person(world, { username });
  await new AddMember(world).execute(world.backend, { organizationId, userId: user.id, role });
  return { userId: user.id, context };
}

const add = (context: Context, userId: UserId, role?: MembershipRole) =>
  new AddMember(world).execute(context, { organizationId, userId, role });
const change = (context: Context, userId: UserId, role: MembershipRole) =>
  new ChangeMemberRole(world).execute(context, { organizationId, userId, role });
const remove = (context: Context, userId: UserId) =>
  new RemoveMember(world).execute(context, { organizationId, userId });
const list = async (context: Context, role?: MembershipRole) =>
  (await new ListMembers(world).execute(context, { organizationId, role })).items;

describe('members', () => {
  it('are added once, listed from both sides, and removed', async () => {
    const { user } = await person(world, { username: 'ann' });
    const membership = await add(world.backend, user.id);
    expect(membership).toMatchObject({ organizationId, userId: user.id, role: 'member' });
    await expect(add(world.backend, user.id)).rejects.toMatchObject({ code: 'MEMBERSHIP_EXISTS' });
    expect(await list(world.backend)).toEqual([membership]);
    expect(await list(world.backend, 'owner')).toEqual([]);
    const own = new ListOrganizations(world);
    expect((await own.execute(world.backend, { userId: user.id })).items).toEqual([membership]);
    await remove(world.backend, user.id);
    await expect(remove(world.backend, user.id)).rejects.toMatchObject({
      code: 'MEMBERSHIP_NOT_FOUND',
    });
    expect(await list(world.backend)).toEqual([]);
  });

  it('are individuals of the same tenant, in organisations', async () => {
    const { user } = await person(world, { username: 'ann' });
    const other = await new CreateTenant(world).execute(world.app, { name: 'Other' });
    const code = 'USER_NOT_FOUND';
    await expect(add(world.backend, organizationId)).rejects.toMatchObject({ code });
    await expect(add(world.backend, uniqueId())).rejects.toMatchObject({ code });
    await expect(add(world.contextOf(other.id), user.id)).rejects.toMatchObject({ code });
    const wrong = { organizationId: user.id, userId: user.id };
    await expect(new AddMember(world).execute(world.backend, wrong)).rejects.toMatchObject({
      code,
    });
    await expect(add(world.backend, user.id, 'king' as never)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });

  it('are managed by owners and admins; only owners touch owners', async () => {
    const owner = await member('owner', 'owner');
    const admin = await member('admin', 'admin');
    const plain = await member('plain', 'member');
    const { user: stranger, context: outside } = await person(world, { username: 'out' });
    expect(await list(plain.context)).toHaveLength(3);
    for (const call of [
      () => list(outside),
      () => add(outside, stranger.id),
      () => change(outside, plain.userId, 'admin'),
      () => remove(outside, plain.userId),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
    for (const call of [
      () => add(plain.context, stranger.id),
      () => remove(plain.context, admin.userId),
      () => change(plain.context, plain.userId, 'admin'),
      () => add(admin.context, stranger.id, 'owner'),
      () => change(admin.context, owner.userId, 'member'),
      () => change(admin.context, admin.userId, 'owner'),
      () => remove(admin.context, owner.userId),
      () => add({ ...owner.context, scopes: ['users:read'] }, stranger.id),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await add(admin.context, stranger.id);
    expect(await change(admin.context, stranger.id, 'admin')).toMatchObject({ role: 'admin' });
    expect(await change(owner.context, admin.userId, 'owner')).toMatchObject({ role: 'owner' });
    await remove(plain.context, plain.userId);
    const { items } = await new ListOrganizations(world).execute(outside, { userId: stranger.id });
    expect(items).toMatchObject([{ organizationId, role: 'admin' }]);
    await expect(
      new ListOrganizations(world).execute(outside, { userId: owner.userId }),
    ).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  it('keep one owner, also when all of them leave at once', async () => {
    const owners = await Promise.all(
      Array.from({ length: 5 }, (_, index) => member(`owner${index}`, 'owner')),
    );
    const results = await Promise.allSettled(
      owners.map(({ userId, context }, index) =>
        index % 2 === 0 ? remove(context, userId) : change(world.backend, userId, 'member'),
      ),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'LAST_OWNER' } }]);
    expect(await list(world.backend, 'owner')).toHaveLength(1);
  });
});
