import {
  sortedTopics,
  type TenantId,
  type WebsocketConnection,
  type WebsocketConnectionFilter,
  type WebsocketConnectionId,
  type WebsocketConnectionPage,
  type WebsocketConnectionRepository,
} from '@tenon/core';
import { Computed, literal } from './change.js';
import { above, among, below } from './filter.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

function toConnection(row: Row): WebsocketConnection {
  const connection = row as unknown as WebsocketConnection;
  return { ...connection, topics: sortedTopics(connection.topics) };
}

export class MongodbWebsocketConnectionRepository implements WebsocketConnectionRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'websocketConnections');
  }

  async insert(connection: WebsocketConnection): Promise<void> {
    const topics = sortedTopics(connection.topics);
    await this.#rows.of(connection.tenantId).insert({ ...connection, topics });
  }

  async find(tenantId: TenantId, id: WebsocketConnectionId): Promise<WebsocketConnection | null> {
    if (!areIds(tenantId)) return null;
    const row = await this.#rows.of(tenantId).findOne({ id });
    return row && toConnection(row);
  }

  async findById(id: WebsocketConnectionId): Promise<WebsocketConnection | null> {
    const row = await this.#rows.acrossTenants().findOne({ id });
    return row && toConnection(row);
  }

  async touch(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    times: Pick<WebsocketConnection, 'lastSeenAt' | 'expiresAt'>,
  ): Promise<boolean> {
    if (!areIds(tenantId)) return false;
    const { lastSeenAt, expiresAt } = times;
    return this.#rows.of(tenantId).update({ id }, { set: { lastSeenAt, expiresAt } });
  }

  async #changeTopics(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: object,
  ): Promise<readonly string[] | null> {
    if (!areIds(tenantId)) return null;
    const row = await this.#rows.of(tenantId).change({ id }, new Computed([{ topics }]));
    return row && toConnection(row).topics;
  }

  subscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null> {
    return this.#changeTopics(tenantId, id, { $setUnion: ['$topics', literal(topics)] });
  }

  unsubscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null> {
    return this.#changeTopics(tenantId, id, { $setDifference: ['$topics', literal(topics)] });
  }

  async list(
    tenantId: TenantId,
    { userId, topic }: WebsocketConnectionFilter,
    { afterId, limit, now }: WebsocketConnectionPage,
  ): Promise<readonly WebsocketConnection[]> {
    if (!areIds(tenantId, userId)) return [];
    // A list matches when one of its members does.
    const filter = { userId, topics: topic, expiresAt: above(now) };
    const rest = afterId === null ? {} : { id: above(afterId) };
    const order = { sort: { _id: 1 }, limit } as const;
    const rows = await this.#rows.of(tenantId).find({ ...filter, ...rest }, order);
    return rows.map(toConnection);
  }

  async deleteMany(tenantId: TenantId, ids: readonly WebsocketConnectionId[]): Promise<number> {
    if (!areIds(tenantId) || ids.length === 0) return 0;
    return this.#rows.of(tenantId).delete({ id: among(ids) });
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    const order = { sort: { expiresAt: 1 }, limit } as const;
    return this.#rows.acrossTenants().deleteSome({ expiresAt: below(before) }, order);
  }
}
