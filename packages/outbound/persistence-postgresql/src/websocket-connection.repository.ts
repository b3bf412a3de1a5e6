import {
  sortedTopics,
  type TenantId,
  type WebsocketConnection,
  type WebsocketConnectionFilter,
  type WebsocketConnectionId,
  type WebsocketConnectionPage,
  type WebsocketConnectionRepository,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import { prepared, type Session, type Statement } from './session.js';
import { areIds } from './values.js';

const ROW = columns<WebsocketConnection>('websocket_connections', [
  'id',
  'tenantId',
  'userId',
  'scopes',
  'topics',
  'endpoint',
  'connectedAt',
  'lastSeenAt',
  'expiresAt',
]);

const INSERT = prepared(
  'websocket_connections.insert',
  `INSERT INTO websocket_connections ${ROW.insert}`,
);

const FIND_BY_ID = prepared(
  'websocket_connections.find_by_id',
  `SELECT ${ROW.list} FROM websocket_connections WHERE id = $1`,
);

const OWNED = 'id = $1 AND tenant_id = $2';

const FIND = prepared(
  'websocket_connections.find',
  `SELECT ${ROW.list} FROM websocket_connections WHERE ${OWNED}`,
);

const TOUCH = prepared(
  'websocket_connections.touch',
  `UPDATE websocket_connections SET last_seen_at = $3, expires_at = $4 WHERE ${OWNED}`,
);

const setTopics = (topics: string): string =>
  `UPDATE websocket_connections SET topics = ARRAY(${topics} ORDER BY topic COLLATE "C")
   WHERE ${OWNED} RETURNING topics`;

const SUBSCRIBE = prepared(
  'websocket_connections.subscribe',
  setTopics(
    'SELECT DISTINCT topic COLLATE "C" AS topic FROM unnest(topics || $3::text[]) AS topic',
  ),
);

const UNSUBSCRIBE = prepared(
  'websocket_connections.unsubscribe',
  setTopics('SELECT topic FROM unnest(topics) AS topic WHERE topic <> ALL ($3::text[])'),
);

const DELETE_MANY = prepared(
  'websocket_connections.delete_many',
  'DELETE FROM websocket_connections WHERE tenant_id = $1 AND id = ANY ($2::text[])',
);

const DELETE_EXPIRED = prepared(
  'websocket_connections.delete_expired',
  `DELETE FROM websocket_connections WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM websocket_connections WHERE expires_at < $1
     ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
);

export class PostgresqlWebsocketConnectionRepository implements WebsocketConnectionRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(connection: WebsocketConnection): Promise<void> {
    const topics = sortedTopics(connection.topics);
    await this.#session.run(INSERT, ROW.values({ ...connection, topics }));
  }

  async find(tenantId: TenantId, id: WebsocketConnectionId): Promise<WebsocketConnection | null> {
    return areIds(tenantId) ? this.#session.row(FIND, [id, tenantId]) : null;
  }

  async findById(id: WebsocketConnectionId): Promise<WebsocketConnection | null> {
    return this.#session.row(FIND_BY_ID, [id]);
  }

  async touch(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    times: Pick<WebsocketConnection, 'lastSeenAt' | 'expiresAt'>,
  ): Promise<boolean> {
    if (!areIds(tenantId)) return false;
    const values = [id, tenantId, times.lastSeenAt, times.expiresAt];
    return (await this.#session.run(TOUCH, values)) > 0;
  }

  subscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null> {
    return this.#changeTopics(SUBSCRIBE, [id, tenantId, topics]);
  }

  unsubscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null> {
    return this.#changeTopics(UNSUBSCRIBE, [id, tenantId, topics]);
  }

  async #changeTopics(
    statement: Statement,
    values: readonly [WebsocketConnectionId, TenantId, readonly string[]],
  ): Promise<readonly string[] | null> {
    if (!areIds(values[1])) return null;
    const row = await this.#session.row<{ topics: string[] }>(statement, values);
    return row && sortedTopics(row.topics);
  }

  async list(
    tenantId: TenantId,
    filter: WebsocketConnectionFilter,
    page: WebsocketConnectionPage,
  ): Promise<readonly WebsocketConnection[]> {
    if (!areIds(tenantId, filter.userId)) return [];
    const conditions = new Conditions()
      .equal('tenant_id', tenantId)
      .equal('user_id', filter.userId);
    conditions.add(`expires_at > ${conditions.place(page.now)}`);
    if (filter.topic !== undefined) {
      conditions.add(`topics @> ARRAY[${conditions.place(filter.topic)}::text]`);
    }
    if (page.afterId !== null) conditions.add(`id > ${conditions.place(page.afterId)}`);
    const limit = conditions.place(page.limit);
    const text = `SELECT ${ROW.list} FROM websocket_connections ${conditions.where} ORDER BY id LIMIT ${limit}`;
    return this.#session.rows({ text }, conditions.values);
  }

  async deleteMany(tenantId: TenantId, ids: readonly WebsocketConnectionId[]): Promise<number> {
    if (!areIds(tenantId) || ids.length === 0) return 0;
    return this.#session.run(DELETE_MANY, [tenantId, ids]);
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    return this.#session.run(DELETE_EXPIRED, [before, limit]);
  }
}
