import type { Connection, ConnectionId } from '@tenon/core';
import { aConnection, anAuthorizationSession } from '../fixtures/entities.js';
import { uniqueId, uniqueName } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');
const problem = { code: 'REFRESH_REFUSED', message: 'Connect again' };

/** Tests of `ConnectionRepository`. */
export function connectionContract({ describe, it, expect }: PersistenceSuite): void {
  describe('connections', () => {
    it('connections: insert keeps every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const full = aConnection({
        ...world.owner,
        state: 'needs_reauthorization',
        profile: { plan: 'pro', seats: 3, nested: { list: [1, null, 'x'] } },
        scopes: ['contacts.read', 'contacts.write'],
        problem,
        lastTestedAt: at,
      });
      for (const connection of [full, aConnection(world.owner)]) {
        await persistence.connections.insert(connection);
        const found = await persistence.connections.find(world.tenantId, connection.id);
        expect(found).toEqual(connection);
        const { userId, connector, externalId } = connection;
        expect(
          await persistence.connections.findByAccount(world.tenantId, {
            userId,
            connector,
            externalId,
          }),
        ).toEqual(connection);
      }
    });

    it('connections: an account is unique by user, connector and external id', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const other = await world.addUser();
      const account = { connector: 'crm', externalId: uniqueName('account') };
      await world.addConnection(account);
      await world.addConnection({ ...account, userId: other.id });
      await world.addConnection({ ...account, connector: 'desk' });
      await expect(world.addConnection(account)).rejects.toMatchObject({
        code: 'UNIQUE_CONFLICT',
        details: { key: 'account' },
      });
      const codes = await atOnce(20, () =>
        codeOf(world.addConnection({ ...account, connector: 'race' })),
      );
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(19);
    });

    it('connections: findMany answers in the order asked', async ({ persistence }) => {
      const world = await World.create(persistence);
      const [a, b, c] = await atOnce(3, () => world.addConnection());
      const ids = [c!.id, uniqueId<ConnectionId>(), a!.id, 'x' as ConnectionId, b!.id];
      const found = await persistence.connections.findMany(world.tenantId, ids);
      expect(found).toEqual([c, a, b]);
      expect(await persistence.connections.findMany(world.tenantId, [])).toEqual([]);
    });

    it('connections: update compares the version', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { connections } = persistence;
      const connection = await world.addConnection();
      const codes = await atOnce(20, (index) =>
        codeOf(connections.update({ ...connection, name: `writer ${index}`, profile: { index } })),
      );
      expect(codes.filter((code) => code === 'VERSION_CONFLICT')).toHaveLength(19);
      const winner = codes.indexOf(null);
      const found = await connections.find(world.tenantId, connection.id);
      expect(found).toEqual({
        ...connection,
        name: `writer ${winner}`,
        profile: { index: winner },
        version: 2,
      });
      expect(await codeOf(connections.update(aConnection(world.owner)))).toBe('VERSION_CONFLICT');
    });

    it('connections: setState answers a change once', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { id } = await world.addConnection();
      const change = { state: 'needs_reauthorization', problem, at } as const;
      const answers = await atOnce(20, () =>
        persistence.connections.setState(world.tenantId, id, change),
      );
      const changed = answers.filter((answer): answer is Connection => answer !== null);
      expect(changed).toHaveLength(1);
      expect(changed[0]).toMatchObject({ id, state: 'needs_reauthorization', problem });
      expect(changed[0]?.updatedAt).toEqual(at);
      expect(await persistence.connections.find(world.tenantId, id)).toEqual(changed[0]);
      const back = { state: 'active', problem: null, at: later(at, 1) } as const;
      expect(await persistence.connections.setState(world.tenantId, id, back)).toMatchObject({
        state: 'active',
        problem: null,
      });
      expect(await persistence.connections.setState(world.tenantId, uniqueId(), back)).toBeNull();
    });

    it('connections: an update from before setState does not undo it', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { connections } = persistence;
      const stale = await world.addConnection();
      await connections.setState(world.tenantId, stale.id, { state: 'disabled', problem, at });
      expect(await codeOf(connections.update({ ...stale, name: 'stale' }))).toBe(
        'VERSION_CONFLICT',
      );
      expect((await connections.find(world.tenantId, stale.id))?.state).toBe('disabled');
    });

    it('connections: list filters by user, connector and state', async ({ persistence }) => {
      const world = await World.create(persistence);
      const other = await world.addUser();
      const [a, b, c] = [
        await world.addConnection(),
        await world.addConnection({ connector: 'desk', state: 'disabled' }),
        await world.addConnection({ userId: other.id }),
      ];
      const { connections } = persistence;
      const list = async (filter: Parameters<typeof connections.list>[1]): Promise<string[]> =>
        (await connections.list(world.tenantId, filter, firstPage)).items.map(({ id }) => id);
      expect((await list({})).sort()).toEqual([a.id, b.id, c.id].sort());
      expect((await list({ userId: world.user.id })).sort()).toEqual([a.id, b.id].sort());
      expect(await list({ connector: 'desk' })).toEqual([b.id]);
      expect(await list({ state: 'disabled' })).toEqual([b.id]);
      expect(await list({ userId: other.id, connector: 'crm', state: 'active' })).toEqual([c.id]);
      expect(await list({ userId: other.id, connector: 'desk' })).toEqual([]);
    });

    it('connections: delete takes credential and sessions along', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { connections, credentials, authorizationSessions } = persistence;
      const [gone, kept] = [await world.addConnection(), await world.addConnection()];
      for (const { id } of [gone, kept]) await world.addCredential({ connectionId: id });
      const sessions = [gone.id, kept.id, null].map((connectionId) =>
        anAuthorizationSession({ ...world.owner, connectionId }),
      );
      for (const session of sessions) await authorizationSessions.insert(session);
      expect(await connections.delete(world.tenantId, gone.id)).toBe(true);
      expect(await connections.delete(world.tenantId, gone.id)).toBe(false);
      expect(await connections.find(world.tenantId, gone.id)).toBeNull();
      expect(await credentials.findByConnection(world.tenantId, gone.id)).toBeNull();
      expect(await credentials.findByConnection(world.tenantId, kept.id)).not.toBeNull();
      const consumed = await Promise.all(
        sessions.map(({ stateHash }) => authorizationSessions.consume(stateHash, new Date())),
      );
      expect(consumed.map((session) => session?.id)).toEqual([
        undefined,
        sessions[1]!.id,
        sessions[2]!.id,
      ]);
      // The account is free again.
      await world.addConnection({ externalId: gone.externalId });
    });
  });
}
