import { beforeEach, describe, expect, it } from '@jest/globals';
import { uniqueId } from '@tenon/testing';
import { identityWorld, person, type IdentityWorld } from '../user/identity.fixture.js';
import { CreateTenant } from './create-tenant.use-case.js';
import { GetTenant } from './get-tenant.use-case.js';
import { ListTenants } from './list-tenants.use-case.js';
import { OpenTenantContext } from './open-tenant-context.use-case.js';
import { SetTenantStatus } from './set-tenant-status.use-case.js';
import type { TenantId } from './tenant.js';

let world: IdentityWorld;

beforeEach(async () => {
  world = await identityWorld();
});

describe('tenants', () => {
  it('are made active, with a trimmed name, and read again', async () => {
    const made = await new CreateTenant(world).execute(world.app, { name: '  Beta ' });
    expect(made).toMatchObject({ name: 'Beta', status: 'active', version: 1 });
    await expect(new GetTenant(world).execute(world.app, { tenantId: made.id })).resolves.toEqual(
      made,
    );
  });

  it.each(['', '   ', 'a\nb', 'x'.repeat(201)])('refuse the name %j', async (name) => {
    await expect(new CreateTenant(world).execute(world.app, { name })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: 'name' }],
    });
  });

  it.each([uniqueId<TenantId>(), 'nonsense' as TenantId])(
    'are not found by %s',
    async (tenantId) => {
      const all = [
        new GetTenant(world).execute(world.app, { tenantId }),
        new SetTenantStatus(world).execute(world.app, { tenantId, status: 'suspended' }),
        new OpenTenantContext(world).execute(world.app, { tenantId }),
      ];
      for (const one of all) await expect(one).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
    },
  );

  it('are listed page by page', async () => {
    for (const name of ['B', 'C']) {
      await world.clock.advance(1);
      await new CreateTenant(world).execute(world.app, { name });
    }
    const list = new ListTenants(world);
    const first = await list.execute(world.app, { limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(['C', 'B']);
    const second = await list.execute(world.app, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ items: [{ name: 'Acme' }], nextCursor: null });
    await expect(list.execute(world.app, { cursor: 'x' })).rejects.toMatchObject({
      code: 'INVALID_CURSOR',
    });
  });

  it('are suspended and made active again, idempotently', async () => {
    const set = new SetTenantStatus(world);
    const tenantId = world.tenant.id;
    const suspended = await set.execute(world.app, { tenantId, status: 'suspended' });
    expect(suspended).toMatchObject({ status: 'suspended', version: 2 });
    expect(await set.execute(world.app, { tenantId, status: 'suspended' })).toEqual(suspended);
    expect(await set.execute(world.app, { tenantId, status: 'active' })).toMatchObject({
      version: 3,
    });
    await expect(
      set.execute(world.app, { tenantId, status: 'gone' as never }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('give the back end a context, of its own or of a user', async () => {
    const open = new OpenTenantContext(world);
    const tenantId = world.tenant.id;
    expect(await open.execute(world.app, { tenantId })).toMatchObject({
      tenantId,
      userId: null,
      actor: 'app',
      scopes: ['*'],
      visibility: 'tenant',
      requestId: world.app.requestId,
    });
    const { user } = await person(world, { username: 'ann' });
    expect(await open.execute(world.app, { tenantId, userId: user.id })).toMatchObject({
      userId: user.id,
      visibility: 'own',
    });
    const other = await new CreateTenant(world).execute(world.app, { name: 'Other' });
    await expect(
      open.execute(world.app, { tenantId: other.id, userId: user.id }),
    ).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });
});
