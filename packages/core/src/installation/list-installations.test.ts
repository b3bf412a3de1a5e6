import { describe, expect, it } from '@jest/globals';
import { aConnection, testContext, uniqueId } from '@tenon/testing';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import type { UserId } from '../user/user.js';
import { ListInstallations } from './list-installations.use-case.js';

/** Two installations that share a connection, one of them with somebody else's beside it. */
async function setUp() {
  const world = await jobWorld(defineIntegration(base));
  const { tenant, connections } = world;
  const theirs = aConnection({
    tenantId: tenant.id,
    userId: uniqueId<UserId>(),
    connector: 'desk',
  });
  await world.innerPersistence.connections.insert(theirs);
  await world.addInstallation();
  await world.addInstallation({ connections: { crm: connections.crm.id, desk: theirs.id } });
  const list = new ListInstallations({ persistence: world.innerPersistence });
  return { world, list, theirs, own: [connections.crm.id, connections.desk.id] };
}

describe('listing installations with their connections', () => {
  it('answers each connection once, and none unless asked', async () => {
    const { world, list, own, theirs } = await setUp();
    const context = testContext({ tenantId: world.tenant.id, visibility: 'tenant' });
    const page = await list.execute(context, { include: ['connections'] });
    expect(page.items).toHaveLength(2);
    const ids = page.included?.connections.map(({ id }) => id);
    expect(ids).toEqual([...own, theirs.id].sort());
    expect(await list.execute(context, {})).toEqual({ items: page.items, nextCursor: null });
    const none = await list.execute(context, { status: 'error', include: ['connections'] });
    expect(none).toEqual({ items: [], nextCursor: null, included: { connections: [] } });
  });

  it('leaves out connections that the caller may not see', async () => {
    const { world, list, own } = await setUp();
    const context = { ...world.context, visibility: 'own' } as const;
    const page = await list.execute(context, { include: ['connections'] });
    expect(page.items).toHaveLength(2);
    expect(page.included?.connections.map(({ id }) => id)).toEqual([...own].sort());
  });

  it('needs the scope of what it brings along, and knows what that may be', async () => {
    const { world, list } = await setUp();
    const context = { ...world.context, scopes: ['installations:read'] } as const;
    await expect(list.execute(context, {})).resolves.toMatchObject({ nextCursor: null });
    await expect(list.execute(context, { include: ['connections'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('connections:read'),
    });
    await expect(
      list.execute(context, { include: ['credentials' as never] }),
    ).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: 'include' }],
    });
  });
});
