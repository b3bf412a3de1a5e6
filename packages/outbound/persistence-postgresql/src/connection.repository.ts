import {
  toPage,
  VersionConflictError,
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
import { columns } from './columns.js';
import type { Connection as ConnectionRow, Prisma } from './generated/client.js';
import { pageArguments } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds, toJson } from './values.js';

const ROW = columns<ConnectionRow>('connections', [
  'id',
  'tenantId',
  'userId',
  'connector',
  'name',
  'state',
  'externalId',
  'profile',
  'scopes',
  'problem',
  'lastTestedAt',
  'createdAt',
  'updatedAt',
  'version',
]);

const FIND = prepared(
  'connections.find',
  `SELECT ${ROW.list} FROM connections WHERE tenant_id = $1 AND id = $2`,
);

const FIND_MANY = prepared(
  'connections.find_many',
  `SELECT ${ROW.list} FROM connections JOIN unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, position)
   ON connections.id = wanted.id WHERE tenant_id = $1 ORDER BY wanted.position`,
);

const SET_STATE = prepared(
  'connections.set_state',
  `UPDATE connections SET state = $3, problem = $4, updated_at = $5, version = version + 1
   WHERE tenant_id = $1 AND id = $2 AND state <> $3 RETURNING ${ROW.list}`,
);

/** In one order everywhere, so that two who hold the same ones do not wait for each other. */
const HOLD = prepared(
  'connections.hold',
  'SELECT id FROM connections WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR KEY SHARE',
);

const toConnection = (row: ConnectionRow): Connection => row as unknown as Connection;

function toRow(connection: Connection, constants: typeof Prisma): Prisma.ConnectionCreateManyInput {
  return {
    ...connection,
    scopes: [...connection.scopes],
    profile: connection.profile,
    problem: connection.problem ?? constants.DbNull,
  };
}

export class PostgresqlConnectionRepository implements ConnectionRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(connection: Connection): Promise<void> {
    await this.#session.prisma((prisma, constants) =>
      prisma.connection.createMany({ data: toRow(connection, constants) }),
    );
  }

  async find(tenantId: TenantId, id: ConnectionId): Promise<Connection | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#session.row<ConnectionRow>(FIND, [tenantId, id]);
    return row && toConnection(row);
  }

  async findMany(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly Connection[]> {
    const wanted = ids.filter((id) => areIds(id));
    if (wanted.length === 0 || !areIds(tenantId)) return [];
    const rows = await this.#session.rows<ConnectionRow>(FIND_MANY, [tenantId, wanted]);
    return rows.map(toConnection);
  }

  async findByAccount(tenantId: TenantId, account: ConnectionAccount): Promise<Connection | null> {
    const { userId, connector, externalId } = account;
    if (!areIds(tenantId, userId)) return null;
    const row = await this.#session.prisma((prisma) =>
      prisma.connection.findFirst({ where: { tenantId, userId, connector, externalId } }),
    );
    return row && toConnection(row);
  }

  async update(connection: Connection): Promise<Connection> {
    const { id, tenantId, version } = connection;
    if (!areIds(tenantId, id)) throw new VersionConflictError('connection', id);
    const next = { ...connection, version: version + 1 };
    const { count } = await this.#session.prisma((prisma, constants) => {
      const {
        id: _id,
        tenantId: _tenantId,
        createdAt: _createdAt,
        ...data
      } = toRow(next, constants);
      return prisma.connection.updateMany({ where: { id, tenantId, version }, data });
    });
    if (count === 0) throw new VersionConflictError('connection', id);
    return next;
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
    const { state, problem, at } = change;
    const values = [tenantId, id, state, toJson(problem), at];
    const row = await this.#session.row<ConnectionRow>(SET_STATE, values);
    return row && toConnection(row);
  }

  async list(
    tenantId: TenantId,
    filter: ConnectionFilter,
    page: PageQuery,
  ): Promise<Page<Connection>> {
    if (!areIds(tenantId, filter.userId)) return toPage<Connection>([], page.limit);
    const { where, ...rest } = pageArguments(page);
    const rows = await this.#session.prisma((prisma) =>
      prisma.connection.findMany({ where: { tenantId, ...filter, ...where }, ...rest }),
    );
    return toPage(rows.map(toConnection), page.limit);
  }

  async hold(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly ConnectionId[]> {
    const wanted = ids.filter((id) => areIds(id));
    if (wanted.length === 0 || !areIds(tenantId)) return [];
    const rows = await this.#session.rows<{ id: ConnectionId }>(HOLD, [tenantId, wanted]);
    return rows.map(({ id }) => id);
  }

  async delete(tenantId: TenantId, id: ConnectionId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    const { count } = await this.#session.prisma((prisma) =>
      prisma.connection.deleteMany({ where: { tenantId, id } }),
    );
    return count > 0;
  }
}
