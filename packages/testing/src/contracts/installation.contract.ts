import { MAX_INSTALLATION_MESSAGES, withMessage } from '@tenon/core';
import type { ConnectionId, InstallationMessage } from '@tenon/core';
import { anInstallation } from '../fixtures/entities.js';
import { uniqueId, uniqueName } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `InstallationRepository`. */
export function installationContract({ describe, it, expect }: PersistenceSuite): void {
  describe('installations', () => {
    it('installations: insert keeps every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const full = anInstallation({
        ...world.owner,
        status: 'error',
        config: { a: 1, list: [true, null, { b: 'c' }] },
        connections: { crm: uniqueId<ConnectionId>(), desk: uniqueId<ConnectionId>() },
        messages: [{ level: 'warning', code: 'X', text: 'Look', at, count: 3 }],
      });
      for (const installation of [full, anInstallation(world.owner)]) {
        await persistence.installations.insert(installation);
        const found = await persistence.installations.find(world.tenantId, installation.id);
        expect(found).toEqual(installation);
      }
    });

    it('installations: connections are unique by tenant and integration', async ({
      persistence,
    }) => {
      const [world, other] = [await World.create(persistence), await World.create(persistence)];
      const connections = { crm: uniqueId<ConnectionId>() };
      await other.addInstallation({ connections });
      await world.addInstallation({ connections, integration: 'another' });
      const codes = await atOnce(20, () => codeOf(world.addInstallation({ connections })));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(19);
      await expect(world.addInstallation({ connections })).rejects.toMatchObject({
        details: { key: 'connections' },
      });
    });

    it('installations: update compares version and connections', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { installations } = persistence;
      const taken = await world.addInstallation();
      const installation = await world.addInstallation();
      const connections = { crm: uniqueId<ConnectionId>(), desk: uniqueId<ConnectionId>() };
      const next = anInstallation({
        ...installation,
        connections,
        connectionsKey: `crm=${connections.crm}&desk=${connections.desk}`,
        config: { changed: true },
        status: 'disabled',
      });
      const changed = await installations.update(next);
      expect(changed).toEqual({ ...next, version: 2 });
      expect(await installations.find(world.tenantId, installation.id)).toEqual(changed);
      expect(await codeOf(installations.update(installation))).toBe('VERSION_CONFLICT');
      const { connectionsKey } = taken;
      await expect(installations.update({ ...changed, connectionsKey })).rejects.toMatchObject({
        code: 'UNIQUE_CONFLICT',
        details: { key: 'connections' },
      });
      const page = await installations.list(
        world.tenantId,
        { connectionId: connections.desk },
        firstPage,
      );
      expect(page.items).toEqual([changed]);
    });

    it('installations: messages of twenty workers merge by code', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { installations } = persistence;
      const stale = await world.addInstallation();
      const { id } = stale;
      const message = (code: string, ms: number): Omit<InstallationMessage, 'count'> => ({
        level: 'error',
        code,
        text: `It's ${code}`,
        at: later(at, ms),
      });
      await atOnce(20, () => installations.addMessage(world.tenantId, id, message('SAME', 0)));
      await installations.addMessage(world.tenantId, id, message('OTHER', 1));
      expect((await installations.find(world.tenantId, id))?.messages).toEqual([
        { ...message('OTHER', 1), count: 1 },
        { ...message('SAME', 0), count: 20 },
      ]);
      expect(await installations.addMessage(world.tenantId, uniqueId(), message('X', 0))).toBe(
        false,
      );
      expect(await codeOf(installations.update(stale))).toBe('VERSION_CONFLICT');
      expect((await installations.find(world.tenantId, id))?.messages).toHaveLength(2);
    });

    it('installations: messages are bounded, as withMessage says', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { id } = await world.addInstallation();
      let expected: readonly InstallationMessage[] = [];
      for (let index = 0; index < MAX_INSTALLATION_MESSAGES + 5; index += 1) {
        const code = `CODE_${index % (MAX_INSTALLATION_MESSAGES + 2)}`;
        const message = { level: 'info', code, text: 'x', at: later(at, index) } as const;
        await persistence.installations.addMessage(world.tenantId, id, message);
        expected = withMessage(expected, message);
      }
      const found = await persistence.installations.find(world.tenantId, id);
      expect(found?.messages).toEqual(expected);
      expect(found?.messages).toHaveLength(MAX_INSTALLATION_MESSAGES);
    });

    it('installations: list filters', async ({ persistence }) => {
      const world = await World.create(persistence);
      const other = await world.addUser();
      const shared = uniqueId<ConnectionId>();
      const [a, b, c] = [
        await world.addInstallation({ connections: { crm: shared } }),
        await world.addInstallation({ integration: 'two', connections: { any: shared } }),
        await world.addInstallation({ userId: other.id, status: 'disabled' }),
      ];
      const { installations } = persistence;
      const list = async (filter: Parameters<typeof installations.list>[1]): Promise<string[]> =>
        (await installations.list(world.tenantId, filter, firstPage)).items
          .map(({ id }) => id)
          .sort();
      expect(await list({})).toEqual([a.id, b.id, c.id].sort());
      expect(await list({ userId: other.id })).toEqual([c.id]);
      expect(await list({ integration: 'two' })).toEqual([b.id]);
      expect(await list({ status: 'disabled' })).toEqual([c.id]);
      expect(await list({ connectionId: shared })).toEqual([a.id, b.id].sort());
      expect(await list({ connectionId: shared, integration: 'two' })).toEqual([b.id]);
      expect(await list({ connectionId: uniqueId() })).toEqual([]);
    });

    it('installations: listEnabled walks all tenants by id', async ({ persistence }) => {
      const integration = uniqueName('integration');
      const worlds = await atOnce(3, () => World.create(persistence));
      const enabled: string[] = [];
      for (const world of [...worlds, ...worlds]) {
        enabled.push((await world.addInstallation({ integration })).id);
        await world.addInstallation({ integration, status: 'disabled' });
        await world.addInstallation();
      }
      enabled.sort();
      const { installations } = persistence;
      const first = await installations.listEnabled(integration, null, 4);
      expect(first.map(({ id }) => id)).toEqual(enabled.slice(0, 4));
      const rest = await installations.listEnabled(integration, first[3]!.id, 4);
      expect(rest.map(({ id }) => id)).toEqual(enabled.slice(4));
      expect(await installations.listEnabled(integration, rest[1]!.id, 4)).toEqual([]);
    });

    it('installations: listDeleting walks all tenants by id', async ({ persistence }) => {
      const worlds = await atOnce(3, () => World.create(persistence));
      const deleting: string[] = [];
      for (const world of [...worlds, ...worlds]) {
        deleting.push((await world.addInstallation({ status: 'deleting' })).id);
        await world.addInstallation();
      }
      const { installations } = persistence;
      const seen: string[] = [];
      let page = await installations.listDeleting(null, 2);
      while (page.length > 0) {
        expect(page.length).toBeLessThanOrEqual(2);
        expect(page.map(({ status }) => status)).toEqual(page.map(() => 'deleting'));
        seen.push(...page.map(({ id }) => id));
        page = await installations.listDeleting(page.at(-1)!.id, 2);
      }
      expect(seen).toEqual([...seen].sort());
      expect(seen.filter((id) => deleting.includes(id))).toEqual(deleting.sort());
    });
  });
}
