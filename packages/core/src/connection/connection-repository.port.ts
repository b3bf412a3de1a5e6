import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { Connection, ConnectionId, ConnectionState } from './connection.js';

export interface ConnectionFilter {
  readonly userId?: UserId;
  readonly connector?: string;
  readonly state?: ConnectionState;
}

/** What makes a connection unique in its tenant. */
export type ConnectionAccount = Pick<Connection, 'userId' | 'connector' | 'externalId'>;

export interface ConnectionRepository {
  /** @throws UniqueConflictError naming `account` when user, connector and external id exist already. */
  insert(connection: Connection): Promise<void>;
  find(tenantId: TenantId, id: ConnectionId): Promise<Connection | null>;
  /** In the order of `ids`, leaving out those that are not there. One statement. */
  findMany(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly Connection[]>;
  findByAccount(tenantId: TenantId, account: ConnectionAccount): Promise<Connection | null>;
  /** Compare-and-set by `version`; answers the row with its next version. @throws VersionConflictError. */
  update(connection: Connection): Promise<Connection>;
  /**
   * Sets the state without a version check; for facts that hold whatever else changed (the provider refused the credential).
   * Answers the row, or null when there is none or its state is so already.
   */
  setState(
    tenantId: TenantId,
    id: ConnectionId,
    change: {
      readonly state: ConnectionState;
      readonly problem: Connection['problem'];
      readonly at: Date;
    },
  ): Promise<Connection | null>;
  list(tenantId: TenantId, filter: ConnectionFilter, page: PageQuery): Promise<Page<Connection>>;
  /**
   * Those of `ids` that are there, held against deletion until the transaction ends: a deletion waits for it, and one that came first
   * makes them missing. For use inside of a transaction.
   */
  hold(tenantId: TenantId, ids: readonly ConnectionId[]): Promise<readonly ConnectionId[]>;
  /** Deletes the connection, its credential and its authorization sessions. False when there was none. */
  delete(tenantId: TenantId, id: ConnectionId): Promise<boolean>;
}
