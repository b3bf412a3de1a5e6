import type {
  Connection,
  ConnectionAccount,
  ConnectionFilter,
  ConnectionId,
  ConnectionRepository,
  ConnectionState,
  Page,
  PageQuery,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import { accountOf } from './database.js';
import { compareAndSet, matches, owned, pageOf, where } from './rows.js';

export class MemoryConnectionRepository implements ConnectionRepository {
  constructor(private readonly access: Access) {}

  insert(connection: Connection): Promise<void> {
    return this.access.run(({ connections }) => {
      connections.insert(connection);
    });
  }

  find(tenantId: TenantId, id: ConnectionId): Promise<Connection | null> {
    return this.access.run(({ connections }) => owned(connections, tenantId, id) ?? null);
  }

  findMany(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly Connection[]> {
    return this.access.run(({ connections }) =>
      ids
        .map((id) => owned(connections, tenantId, id))
        .filter((connection) => connection !== undefined),
    );
  }

  findByAccount(tenantId: TenantId, account: ConnectionAccount): Promise<Connection | null> {
    return this.access.run(
      ({ connections }) => connections.by('account', accountOf(tenantId, account)) ?? null,
    );
  }

  update(connection: Connection): Promise<Connection> {
    return this.access.run(({ connections }) =>
      compareAndSet(connections, 'connection', connection),
    );
  }

  setState(
    tenantId: TenantId,
    id: ConnectionId,
    change: {
      readonly state: ConnectionState;
      readonly problem: Connection['problem'];
      readonly at: Date;
    },
  ): Promise<Connection | null> {
    return this.access.run(({ connections }) => {
      const current = owned(connections, tenantId, id);
      if (!current || current.state === change.state) return null;
      const { state, problem, at: updatedAt } = change;
      const next = { ...current, state, problem, updatedAt, version: current.version + 1 };
      connections.put(next);
      return next;
    });
  }

  list(tenantId: TenantId, filter: ConnectionFilter, page: PageQuery): Promise<Page<Connection>> {
    return this.access.run(({ connections }) => {
      const found = where(
        connections.group('tenant', tenantId),
        ({ userId, connector, state }) =>
          matches(filter.userId, userId) &&
          matches(filter.connector, connector) &&
          matches(filter.state, state),
      );
      return pageOf(found, page);
    });
  }

  /** Transactions run one after another: what is there stays until this one ends. */
  hold(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly ConnectionId[]> {
    return this.access.run(({ connections }) =>
      ids.filter((id) => owned(connections, tenantId, id) !== undefined),
    );
  }

  delete(tenantId: TenantId, id: ConnectionId): Promise<boolean> {
    return this.access.run(({ connections, credentials, authorizationSessions }) => {
      if (!owned(connections, tenantId, id)) return false;
      const credential = credentials.by('connection', id);
      if (credential) credentials.remove(credential.id);
      for (const session of [...authorizationSessions.group('connection', id)]) {
        authorizationSessions.remove(session.id);
      }
      return connections.remove(id);
    });
  }
}
