import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { WebsocketConnection, WebsocketConnectionId } from './websocket-connection.js';

/** Restricts a list; conditions add up. */
export interface WebsocketConnectionFilter {
  readonly userId?: UserId | undefined;
  readonly topic?: string | undefined;
}

/** A part of a list. */
export interface WebsocketConnectionPage {
  /** The last id of the page before. */
  readonly afterId: WebsocketConnectionId | null;
  readonly limit: number;
  /** What has expired by then is left out. */
  readonly now: Date;
}

/** Connections of browsers. Every method is one atomic statement. */
export interface WebsocketConnectionRepository {
  /** @throws UniqueConflictError for a known id, of whichever tenant. */
  insert(connection: WebsocketConnection): Promise<void>;
  /** Also when it has expired. */
  find(tenantId: TenantId, id: WebsocketConnectionId): Promise<WebsocketConnection | null>;
  /** For messages and disconnections, which name nothing but the connection: the tenant comes from the row. */
  findById(id: WebsocketConnectionId): Promise<WebsocketConnection | null>;
  /** Notes a sign of life. False when there is none. */
  touch(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    times: Pick<WebsocketConnection, 'lastSeenAt' | 'expiresAt'>,
  ): Promise<boolean>;
  /**
   * Adds topics to those that it has. Parallel changes lose nothing. Answers the topics after the change; null when there is no
   * such connection.
   */
  subscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null>;
  /** Takes topics away. Answers as `subscribe`. */
  unsubscribe(
    tenantId: TenantId,
    id: WebsocketConnectionId,
    topics: readonly string[],
  ): Promise<readonly string[] | null>;
  /** In the order of ids by code point. */
  list(
    tenantId: TenantId,
    filter: WebsocketConnectionFilter,
    page: WebsocketConnectionPage,
  ): Promise<readonly WebsocketConnection[]>;
  /** Deletes those that are gone. Idempotent; answers how many there were. */
  deleteMany(tenantId: TenantId, ids: readonly WebsocketConnectionId[]): Promise<number>;
  /** Deletes what expired before a moment, of all tenants; at most `limit`. Answers how many. */
  deleteExpired(before: Date, limit: number): Promise<number>;
}
