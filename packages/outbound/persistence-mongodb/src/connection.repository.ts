import {
  toPage,
  type Connection,
  type ConnectionAccount,
  type ConnectionFilter,
  type ConnectionId,
  type ConnectionRepository,
  type ConnectionState,
  type Page,
  type PageQuery,
  type TenantId,
} from '@tenon/core';
import { deleteWithOwned } from './cascades.js';
import { compareAndSet } from './compare-and-set.js';
import { among, not } from './filter.js';
import { holdRows } from './hold-rows.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

export class MongodbConnectionRepository implements ConnectionRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'connections');
  }

  async insert(connection: Connection): Promise<void> {
    await this.#rows.of(connection.tenantId).insert(connection);
  }

  async find(tenantId: TenantId, id: ConnectionId): Promise<Connection | null> {
    if (!areIds(tenantId, id)) return null;
    return (await this.#rows.of(tenantId).findOne({ id })) as Connection | null;
  }

  async findMany(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly Connection[]> {
    const wanted = ids.filter((id) => areIds(id));
    if (wanted.length === 0 || !areIds(tenantId)) return [];
    const rows = await this.#rows.of(tenantId).find({ id: among(wanted) });
    const found = new Map((rows as unknown as Connection[]).map((row) => [row.id, row]));
    return wanted.map((id) => found.get(id)).filter((row) => row !== undefined);
  }

  async findByAccount(tenantId: TenantId, account: ConnectionAccount): Promise<Connection | null> {
    const { userId, connector, externalId } = account;
    if (!areIds(tenantId, userId)) return null;
    const filter = { userId, connector, externalId };
    return (await this.#rows.of(tenantId).findOne(filter)) as Connection | null;
  }

  async update(connection: Connection): Promise<Connection> {
    const change = { row: connection, fields: connection };
    const version = await compareAndSet(this.#rows, 'connection', change);
    return { ...connection, version };
  }

  async setState(
    tenantId: TenantId,
    id: ConnectionId,
    change: {
      readonly state: ConnectionState;
      readonly problem: Connection['problem'];
      readonly at: Date;
    },
  ): Promise<Connection | null> {
    if (!areIds(tenantId, id)) return null;
    const { state, problem, at: updatedAt } = change;
    const set = this.#rows.codec.stored({ state, problem, updatedAt });
    const filter = { id, state: not(state) };
    const row = await this.#rows.of(tenantId).change(filter, { set, add: { version: 1 } });
    return row as Connection | null;
  }

  async list(
    tenantId: TenantId,
    filter: ConnectionFilter,
    page: PageQuery,
  ): Promise<Page<Connection>> {
    const { userId, connector, state } = filter;
    if (!areIds(tenantId, userId)) return toPage<Connection>([], page.limit);
    const { filter: where, ...order } = pageOf({ userId, connector, state }, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows as unknown as Connection[], page.limit);
  }

  async hold(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly ConnectionId[]> {
    const wanted = ids.filter((id) => areIds(id));
    if (wanted.length === 0 || !areIds(tenantId)) return [];
    return holdRows(this.#rows.of(tenantId), wanted);
  }

  async delete(tenantId: TenantId, id: ConnectionId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    return this.#session.together((session) =>
      deleteWithOwned(session, 'connections', { tenantId, id }),
    );
  }
}
