import { aConnection, anInstallation } from '../fixtures/entities.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, firstPage } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

/** Tests of `hold` of users and connections. */
export function holdContract({ describe, it, expect }: PersistenceSuite): void {
  describe('hold', () => {
    it('hold: answers who is there, within the tenant', async ({ persistence }) => {
      const [world, other] = [await World.create(persistence), await World.create(persistence)];
      const [a, b] = [await world.addConnection(), await world.addConnection()];
      const { tenantId, user } = world;
      await persistence.transaction(async ({ connections, users }) => {
        const held = await connections.hold(tenantId, [b.id, uniqueId(), 'x' as never, a.id]);
        expect([...held].sort()).toEqual([a.id, b.id].sort());
        expect(await connections.hold(other.tenantId, [a.id])).toEqual([]);
        expect(await connections.hold(tenantId, [])).toEqual([]);
        expect(await users.hold(tenantId, user.id)).toBe(true);
        expect(await users.hold(other.tenantId, user.id)).toBe(false);
        expect(await users.hold(tenantId, uniqueId())).toBe(false);
        expect(await users.hold(tenantId, 'x' as never)).toBe(false);
      });
    });
  });
}

/** What `hold` keeps out while a transaction lasts: nothing, where there are none. */
export function holdRaceContract({ describe, it, expect }: PersistenceSuite): void {
  describe('hold, against others', () => {
    it('hold: a connection is deleted or bound, never both', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { tenantId, owner } = world;
      const connections = await atOnce(20, () => world.addConnection());
      await Promise.all(
        connections.flatMap(({ id }) => [
          persistence.transaction(async (db) => {
            const held = await db.connections.hold(tenantId, [id]);
            if (held.length === 0) return;
            await db.installations.insert(anInstallation({ ...owner, connections: { crm: id } }));
          }),
          persistence
            .transaction(async (db) => {
              await db.connections.delete(tenantId, id);
              const users = await db.installations.list(tenantId, { connectionId: id }, firstPage);
              if (users.items.length > 0) throw new Error('in use');
            })
            .catch(() => undefined),
        ]),
      );
      for (const { id } of connections) {
        const found = await persistence.connections.find(tenantId, id);
        const filter = { connectionId: id };
        const bound = await persistence.installations.list(tenantId, filter, firstPage);
        expect([id, found !== null]).toEqual([id, bound.items.length === 1]);
      }
    });

    it('hold: a user is deleted or owns a connection, never both', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { tenantId } = world;
      const users = await atOnce(20, () => world.addUser());
      await Promise.all(
        users.flatMap(({ id }) => [
          persistence.transaction(async (db) => {
            if (!(await db.users.hold(tenantId, id))) return;
            await db.connections.insert(aConnection({ tenantId, userId: id }));
          }),
          persistence
            .transaction(async (db) => {
              await db.users.delete(tenantId, id);
              const owned = await db.connections.list(tenantId, { userId: id }, firstPage);
              if (owned.items.length > 0) throw new Error('in use');
            })
            .catch(() => undefined),
        ]),
      );
      for (const { id } of users) {
        const found = await persistence.users.find(tenantId, id);
        const owned = await persistence.connections.list(tenantId, { userId: id }, firstPage);
        expect([id, found !== null]).toEqual([id, owned.items.length === 1]);
      }
    });
  });
}
