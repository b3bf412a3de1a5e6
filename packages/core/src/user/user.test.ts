import { beforeEach, describe, expect, it } from '@jest/globals';
import { aConnection, anInstallation, uniqueId } from '@tenon/testing';
import type { CreateUserInput } from '../app/command-inputs.js';
import type { DomainEvent } from '../event/domain-event.js';
import { AddMember } from '../membership/add-member.use-case.js';
import { CreateTenant } from '../tenant/create-tenant.use-case.js';
import { IssueToken } from '../token/issue-token.use-case.js';
import { CreateUser } from './create-user.use-case.js';
import { DeleteUser } from './delete-user.use-case.js';
import { GetUser } from './get-user.use-case.js';
import { identityWorld, PASSWORD, person, type IdentityWorld } from './identity.fixture.js';
import { ListUsers } from './list-users.use-case.js';
import { SetPassword } from './set-password.use-case.js';
import type { UserId } from './user.js';

let world: IdentityWorld;
const create = (input: CreateUserInput) => new CreateUser(world).execute(world.backend, input);

beforeEach(async () => {
  world = await identityWorld();
});

describe('CreateUser', () => {
  it('stores the password as scrypt with its parameters and shows none of it', async () => {
    const told: DomainEvent[] = [];
    world.events.subscribe('*', (event) => void told.push(event));
    const view = await create({
      kind: 'individual',
      username: ' Ann@Example.com ',
      password: PASSWORD,
      email: 'ann@example.com',
      appUserId: '42',
    });
    expect(view).toMatchObject({ username: 'ann@example.com', appUserId: '42', status: 'active' });
    for (const hidden of ['passwordHash', 'failedLogins', 'lockedUntil']) {
      expect(view).not.toHaveProperty(hidden);
    }
    const stored = await world.users.find(world.tenant.id, view.id);
    expect(stored?.passwordHash).toMatchObject({
      algorithm: 'scrypt',
      parameters: world.passwordParameters,
    });
    expect(JSON.stringify(stored)).not.toContain(PASSWORD);
    expect(told).toMatchObject([{ type: 'user.created', data: { userId: view.id } }]);
  });

  it('names everything that is wrong', async () => {
    const input = {
      kind: 'robot',
      username: 'a',
      password: 'short',
      email: 'nobody',
      appUserId: 'a\u0000b',
      organizationId: uniqueId<UserId>(),
    } as never;
    await expect(create(input)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: ['kind', 'username', 'email', 'appUserId', 'password', 'organizationId'].map(
        (path) => ({ path }),
      ),
    });
    await expect(create({ kind: 'individual', password: PASSWORD })).rejects.toMatchObject({
      issues: [{ path: 'username' }],
    });
    const same = {
      kind: 'individual',
      username: 'longusername1',
      password: 'LongUsername1',
    } as const;
    await expect(create(same)).rejects.toMatchObject({ issues: [{ path: 'password' }] });
    const long = { kind: 'individual', username: 'ann', password: 'x'.repeat(257) } as const;
    await expect(create(long)).rejects.toMatchObject({ issues: [{ path: 'password' }] });
  });

  it('refuses user names and ids that are taken', async () => {
    await create({ kind: 'individual', username: 'ann', appUserId: '1' });
    const again = [
      create({ kind: 'individual', username: 'ANN' }),
      create({ kind: 'organization', appUserId: '1' }),
    ];
    for (const one of again) await expect(one).rejects.toMatchObject({ code: 'UNIQUE_CONFLICT' });
  });

  it('puts individuals into organisation users of the same tenant only', async () => {
    const organization = await create({ kind: 'organization' });
    const member = await create({ kind: 'individual', organizationId: organization.id });
    const { items } = await world.memberships.list(
      world.tenant.id,
      { organizationId: organization.id },
      { limit: 10, after: null },
    );
    expect(items).toMatchObject([{ userId: member.id, role: 'member' }]);
    await expect(create({ kind: 'individual', organizationId: member.id })).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    });
    const other = await new CreateTenant(world).execute(world.app, { name: 'Other' });
    await expect(
      new CreateUser(world).execute(world.contextOf(other.id), {
        kind: 'individual',
        organizationId: organization.id,
      }),
    ).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  it('is not for individuals, for tokens without the scope, nor for users who choose appUserId', async () => {
    const ann = await person(world, { username: 'ann' });
    const org = await person(world, { username: 'org', kind: 'organization' });
    const reader = { ...world.backend, scopes: ['users:read'] as const };
    for (const context of [ann.context, reader]) {
      await expect(
        new CreateUser(world).execute(context, { kind: 'individual' }),
      ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    const input = { kind: 'individual', appUserId: '7' } as const;
    await expect(new CreateUser(world).execute(org.context, input)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await new CreateUser(world).execute(org.context, { kind: 'individual' });
  });
});

describe('passwords', () => {
  it('are set by full tokens alone: whoever knows one can log in and may do everything', async () => {
    const org = await person(world, { username: 'org', kind: 'organization' });
    const writer = { ...org.context, scopes: ['users:write'] as const };
    const password = 'a password that is long';
    const input = { kind: 'organization', username: 'eve', password } as const;
    const refused = { code: 'FORBIDDEN', details: { scope: '*' } };
    await expect(new CreateUser(world).execute(writer, input)).rejects.toMatchObject(refused);
    await expect(
      new SetPassword(world).execute(writer, { userId: org.user.id, password }),
    ).rejects.toMatchObject(refused);
  });
});

describe('reading users', () => {
  it('shows individuals themselves and organisation users the tenant', async () => {
    const ann = await person(world, { username: 'ann' });
    const org = await person(world, { username: 'org', kind: 'organization' });
    const get = new GetUser(world);
    const list = new ListUsers(world);
    const ids = async (context = ann.context, kind?: 'individual' | 'organization') =>
      (await list.execute(context, { kind })).items.map(({ id }) => id).sort();
    expect(await get.execute(ann.context, { userId: ann.user.id })).toEqual(ann.user);
    expect(await get.execute(org.context, { userId: ann.user.id })).toEqual(ann.user);
    await expect(get.execute(ann.context, { userId: org.user.id })).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    });
    expect(await ids()).toEqual([ann.user.id]);
    expect(await ids(ann.context, 'organization')).toEqual([]);
    expect(await ids(org.context)).toEqual([ann.user.id, org.user.id].sort());
    expect(await ids(org.context, 'organization')).toEqual([org.user.id]);
  });

  it('shows nothing of other tenants', async () => {
    const ann = await person(world, { username: 'ann' });
    const other = await new CreateTenant(world).execute(world.app, { name: 'Other' });
    const foreign = world.contextOf(other.id);
    const userId = ann.user.id;
    const all = [
      new GetUser(world).execute(foreign, { userId }),
      new DeleteUser(world).execute(foreign, { userId }),
      new SetPassword(world).execute(foreign, { userId, password: 'another password' }),
    ];
    for (const one of all) await expect(one).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
    expect((await new ListUsers(world).execute(foreign, {})).items).toEqual([]);
    expect(await world.users.find(world.tenant.id, userId)).toMatchObject({ version: 1 });
  });
});

describe('DeleteUser', () => {
  it('deletes the user and its tokens', async () => {
    const ann = await person(world, { username: 'ann' });
    const { token } = await new IssueToken(world).execute(ann.context, { label: 'x' });
    await new DeleteUser(world).execute(world.backend, { userId: ann.user.id });
    expect(await world.users.find(world.tenant.id, ann.user.id)).toBeNull();
    expect(await world.tokens.findWithOwner(token.id)).toBeNull();
  });

  it('refuses while something belongs to the user', async () => {
    const org = await person(world, { username: 'org', kind: 'organization' });
    const remove = () => new DeleteUser(world).execute(world.backend, { userId: org.user.id });
    const owner = { tenantId: world.tenant.id, userId: org.user.id };
    const connection = aConnection(owner);
    await world.connections.insert(connection);
    const installation = anInstallation({ ...owner, connections: { crm: connection.id } });
    await world.installations.insert(installation);
    await expect(remove()).rejects.toMatchObject({
      code: 'USER_IN_USE',
      details: { what: 'installations' },
    });
    const ann = await person(world, { username: 'ann' });
    await expect(
      new DeleteUser(world).execute(ann.context, { userId: ann.user.id }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(
      new DeleteUser(world).execute(ann.context, { userId: org.user.id }),
    ).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  it('takes the memberships of an organisation along, and leaves its members', async () => {
    const org = await create({ kind: 'organization' });
    const member = await create({ kind: 'individual', organizationId: org.id });
    await new DeleteUser(world).execute(world.backend, { userId: org.id });
    const page = { limit: 10, after: null };
    expect((await world.memberships.list(world.tenant.id, {}, page)).items).toEqual([]);
    expect(await world.users.find(world.tenant.id, member.id)).not.toBeNull();
  });

  it('refuses the last owner of an organisation that has other members', async () => {
    const org = await create({ kind: 'organization' });
    const [boss, member] = [
      await create({ kind: 'individual' }),
      await create({ kind: 'individual' }),
    ];
    const add = new AddMember(world);
    const organizationId = org.id;
    await add.execute(world.backend, { organizationId, userId: boss.id, role: 'owner' });
    await add.execute(world.backend, { organizationId, userId: member.id });
    const remove = (userId: UserId) => new DeleteUser(world).execute(world.backend, { userId });
    await expect(remove(boss.id)).rejects.toMatchObject({ code: 'LAST_OWNER' });
    await remove(member.id);
    await remove(boss.id);
  });
});

describe('SetPassword', () => {
  it('replaces the hash, ends the tokens and the pause', async () => {
    const ann = await person(world, { username: 'ann' });
    const before = await world.users.find(world.tenant.id, ann.user.id);
    await world.users.update({ ...before!, failedLogins: 5, lockedUntil: new Date(9e12) });
    const { token } = await new IssueToken(world).execute(ann.context, { label: 'x' });
    await new SetPassword(world).execute(ann.context, {
      userId: ann.user.id,
      password: 'a new long password',
    });
    const after = await world.users.find(world.tenant.id, ann.user.id);
    expect(after).toMatchObject({ failedLogins: 0, lockedUntil: null });
    expect(after?.passwordHash?.hash).not.toBe(before?.passwordHash?.hash);
    const stored = await world.tokens.findWithOwner(token.id);
    expect(stored?.token.revokedAt).toEqual(world.clock.now());
  });

  it('is refused to other individuals, for short passwords and for users without a name', async () => {
    const ann = await person(world, { username: 'ann' });
    const bob = await person(world, { username: 'bob' });
    const set = new SetPassword(world);
    const password = 'a new long password';
    await expect(set.execute(bob.context, { userId: ann.user.id, password })).rejects.toMatchObject(
      { code: 'USER_NOT_FOUND' },
    );
    await expect(
      set.execute(ann.context, { userId: ann.user.id, password: 'short' }),
    ).rejects.toMatchObject({ issues: [{ path: 'password' }] });
    const nameless = await create({ kind: 'individual' });
    await expect(
      set.execute(world.backend, { userId: nameless.id, password }),
    ).rejects.toMatchObject({ issues: [{ path: 'userId' }] });
  });
});
