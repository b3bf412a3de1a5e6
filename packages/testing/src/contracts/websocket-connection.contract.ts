import type { WebsocketConnection, WebsocketConnectionId } from '@tenon/core';
import { aWebsocketConnection } from '../fixtures/records.js';
import { uniqueName, uniquePast } from '../fixtures/unique.js';
import { atOnce, codeOf, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const now = new Date('2026-05-06T07:08:09.123Z');

async function add(
  world: World,
  overrides: Partial<WebsocketConnection> = {},
): Promise<WebsocketConnection> {
  const connection = aWebsocketConnection({
    ...world.owner,
    connectedAt: now,
    lastSeenAt: now,
    expiresAt: later(now, 1_000),
    ...overrides,
  });
  await world.repositories.websocketConnections.insert(connection);
  return connection;
}

function changeContract({ it, expect }: PersistenceSuite): void {
  it('websocket connections: insert keeps every field', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { websocketConnections } = persistence;
    const id = `${uniqueName()}="/+😀` as WebsocketConnectionId;
    const connection = await add(world, { id, topics: ['runs', 'connections:1', 'ä'].sort() });
    expect(await websocketConnections.find(world.tenantId, id)).toEqual(connection);
    expect(await websocketConnections.findById(id)).toEqual(connection);
    expect(await websocketConnections.findById(uniqueName() as typeof id)).toBeNull();
    const other = await World.create(persistence);
    expect(await codeOf(add(other, { id }))).toBe('UNIQUE_CONFLICT');
  });

  it('websocket connections: touch prolongs', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { websocketConnections } = persistence;
    const connection = await add(world);
    const { tenantId } = world;
    const times = { lastSeenAt: later(now, 5), expiresAt: later(now, 9_000) };
    expect(await websocketConnections.touch(tenantId, connection.id, times)).toBe(true);
    expect(await websocketConnections.find(tenantId, connection.id)).toEqual({
      ...connection,
      ...times,
    });
    const unknown = uniqueName() as WebsocketConnectionId;
    expect(await websocketConnections.touch(tenantId, unknown, times)).toBe(false);
  });

  it('websocket connections: topics are a set', async ({ persistence }) => {
    const { tenantId, ...world } = await World.create(persistence).then((each) => ({
      tenantId: each.tenantId,
      connection: add(each, { topics: ['b'] }),
    }));
    const { id } = await world.connection;
    const { websocketConnections } = persistence;
    expect(await websocketConnections.subscribe(tenantId, id, ['c', 'a', 'b', 'a'])).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(await websocketConnections.subscribe(tenantId, id, [])).toEqual(['a', 'b', 'c']);
    expect(await websocketConnections.unsubscribe(tenantId, id, ['b', 'x'])).toEqual(['a', 'c']);
    expect((await websocketConnections.find(tenantId, id))?.topics).toEqual(['a', 'c']);
    expect(await websocketConnections.unsubscribe(tenantId, id, ['a', 'c'])).toEqual([]);
    const unknown = uniqueName() as WebsocketConnectionId;
    expect(await websocketConnections.subscribe(tenantId, unknown, ['a'])).toBeNull();
    expect(await websocketConnections.unsubscribe(tenantId, unknown, ['a'])).toBeNull();
  });

  it('websocket connections: 20 parallel changes of topics lose nothing', async ({
    persistence,
  }) => {
    const world = await World.create(persistence);
    const { websocketConnections } = persistence;
    const gone = Array.from({ length: 10 }, (_, index) => `gone-${index}`);
    const { id } = await add(world, { topics: gone });
    await atOnce(20, (index) =>
      index % 2
        ? websocketConnections.subscribe(world.tenantId, id, [`new-${index}`])
        : websocketConnections.unsubscribe(world.tenantId, id, [`gone-${index / 2}`]),
    );
    const topics = (await websocketConnections.find(world.tenantId, id))?.topics ?? [];
    expect(topics).toHaveLength(10);
    expect(topics.every((topic) => topic.startsWith('new-'))).toBe(true);
  });
}

function listContract({ it, expect }: PersistenceSuite): void {
  it('websocket connections: lists by tenant, user and topic, walked by id', async ({
    persistence,
  }) => {
    const world = await World.create(persistence);
    const friend = await world.addUser();
    const { websocketConnections } = persistence;
    const mine = await atOnce(5, (index) => add(world, { topics: [index % 2 ? 'odd' : 'even'] }));
    const theirs = await add(world, { userId: friend.id, topics: ['odd', 'x'] });
    await add(world, { expiresAt: now });
    const ids = async (filter: object): Promise<string[]> => {
      const walked: string[] = [];
      let afterId: WebsocketConnectionId | null = null;
      for (;;) {
        const page: readonly WebsocketConnection[] = await websocketConnections.list(
          world.tenantId,
          filter,
          { afterId, limit: 2, now },
        );
        walked.push(...page.map(({ id }) => id));
        afterId = page.at(-1)?.id ?? null;
        if (afterId === null) return walked;
      }
    };
    const idsOf = (rows: readonly WebsocketConnection[]) => rows.map(({ id }) => id).sort();
    expect(await ids({})).toEqual(idsOf([...mine, theirs]));
    expect(await ids({ userId: world.user.id })).toEqual(idsOf(mine));
    expect(await ids({ topic: 'odd' })).toEqual(
      idsOf([theirs, ...mine.filter(({ topics }) => topics[0] === 'odd')]),
    );
    expect(await ids({ topic: 'odd', userId: friend.id })).toEqual([theirs.id]);
    expect(await ids({ topic: 'od' })).toEqual([]);
  });

  it('websocket connections: deleteMany deletes what is there', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { websocketConnections } = persistence;
    const rows = await atOnce(3, () => add(world));
    const ids = rows.map(({ id }) => id);
    const unknown = uniqueName() as WebsocketConnectionId;
    expect(await websocketConnections.deleteMany(world.tenantId, [ids[0]!, unknown])).toBe(1);
    expect(await websocketConnections.deleteMany(world.tenantId, [])).toBe(0);
    expect(await websocketConnections.deleteMany(world.tenantId, ids)).toBe(2);
    expect(await websocketConnections.deleteMany(world.tenantId, ids)).toBe(0);
  });

  it('websocket connections: deleteExpired stays within its limit', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { websocketConnections } = persistence;
    const past = uniquePast();
    while ((await websocketConnections.deleteExpired(past, 100)) > 0);
    const rows = await atOnce(3, (index) => add(world, { expiresAt: later(past, index) }));
    const left = async () => {
      const found = rows.map(({ id }) => websocketConnections.findById(id));
      return (await Promise.all(found)).filter((row) => row !== null).length;
    };
    expect(await websocketConnections.deleteExpired(later(past, 2), 1)).toBe(1);
    expect(await left()).toBe(2);
    expect(await websocketConnections.deleteExpired(later(past, 2), 100)).toBe(1);
    expect(await left()).toBe(1);
  });

  it('websocket connections: end with their user', async ({ persistence }) => {
    const world = await World.create(persistence);
    const user = await world.addUser();
    const { websocketConnections, users } = persistence;
    const gone = await add(world, { userId: user.id });
    const kept = await add(world);
    expect(await users.delete(world.tenantId, user.id)).toBe(true);
    expect(await websocketConnections.findById(gone.id)).toBeNull();
    expect(await websocketConnections.findById(kept.id)).toEqual(kept);
  });
}

/** Tests of `WebsocketConnectionRepository`. */
export function websocketConnectionContract(suite: PersistenceSuite): void {
  suite.describe('websocket connections', () => {
    changeContract(suite);
    listContract(suite);
  });
}
