import { sortedTopics } from '@tenon/core';
import type {
  TenantId,
  WebsocketConnection,
  WebsocketConnectionFilter,
  WebsocketConnectionId,
  WebsocketConnectionPage,
  WebsocketConnectionRepository,
} from '@tenon/core';
import type { Access } from './access.js';
import { matches, owned, where } from './rows.js';
import { compareCodePoints } from './sorted-keys.js';

export class MemoryWebsocketConnectionRepository implements WebsocketConnectionRepository {
  constructor(private readonly access: Access) {}

  insert(connection: WebsocketConnection): Promise<void> {
    return this.access.run(({ websocketConnections }) => {
      websocketConnections.insert({ ...connection, topics: sortedTopics(connection.topics) });
    });
  }

  find(tenantId: TenantId, id: WebsocketConnectionId): Promise<WebsocketConnection | null> {
    return this.access.run(
      ({ websocketConnections }) => owned(websocketConnections, tenantId, id) ?? null,
    );
  }

  findById(id: WebsocketConnectionId): Promise<WebsocketConnection | null> {
    return this.access.run(({ websocketConnections }) => websocketConnections.get(id) ?? null);
  }

  async touch(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    times: Pick<WebsocketConnection, 'lastSeenAt' | 'expiresAt'>,
  ): Promise<boolean> {
    const { lastSeenAt, expiresAt } = times;
    return (await this.#change(tenantId, id, () => ({ lastSeenAt, expiresAt }))) !== null;
  }

  async subscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null> {
    const row = await this.#change(tenantId, id, (connection) => ({
      topics: sortedTopics([...connection.topics, ...topics]),
    }));
    return row?.topics ?? null;
  }

  async unsubscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null> {
    const row = await this.#change(tenantId, id, (connection) => ({
      topics: connection.topics.filter((topic) => !topics.includes(topic)),
    }));
    return row?.topics ?? null;
  }

  list(
    tenantId: TenantId,
    filter: WebsocketConnectionFilter,
    page: WebsocketConnectionPage,
  ): Promise<readonly WebsocketConnection[]> {
    const { afterId, limit, now } = page;
    return this.access.run(({ websocketConnections }) => {
      const found = where(
        websocketConnections.group('tenant', tenantId),
        (row) =>
          row.expiresAt > now &&
          matches(filter.userId, row.userId) &&
          (filter.topic === undefined || row.topics.includes(filter.topic)) &&
          (afterId === null || compareCodePoints(row.id, afterId) > 0),
      );
      return [...found].sort((a, b) => compareCodePoints(a.id, b.id)).slice(0, limit);
    });
  }

  deleteMany(tenantId: TenantId, ids: readonly WebsocketConnectionId[]): Promise<number> {
    return this.access.run(({ websocketConnections }) => {
      const found = ids.filter((id) => owned(websocketConnections, tenantId, id));
      return found.filter((id) => websocketConnections.remove(id)).length;
    });
  }

  deleteExpired(before: Date, limit: number): Promise<number> {
    return this.access.run(({ websocketConnections }) => {
      const expired = where(websocketConnections.all(), ({ expiresAt }) => expiresAt < before);
      const ids = [...expired].slice(0, limit).map(({ id }) => id);
      for (const id of ids) websocketConnections.remove(id);
      return ids.length;
    });
  }

  #change(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    change: (row: WebsocketConnection) => Partial<WebsocketConnection>,
  ): Promise<WebsocketConnection | null> {
    return this.access.run(({ websocketConnections }) => {
      const row = owned(websocketConnections, tenantId, id);
      if (!row) return null;
      const next = { ...row, ...change(row) };
      websocketConnections.put(next);
      return next;
    });
  }
}
