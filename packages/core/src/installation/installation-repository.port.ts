import type { ConnectionId } from '../connection/connection.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type {
  Installation,
  InstallationId,
  InstallationMessage,
  InstallationStatus,
} from './installation.js';

export interface InstallationFilter {
  readonly userId?: UserId;
  readonly integration?: string;
  readonly status?: InstallationStatus;
  /** Only installations that are bound to this connection in any slot. */
  readonly connectionId?: ConnectionId;
}

export interface InstallationRepository {
  /** @throws UniqueConflictError naming `connections` when tenant, integration and connections exist already. */
  insert(installation: Installation): Promise<void>;
  find(tenantId: TenantId, id: InstallationId): Promise<Installation | null>;
  /** Compare-and-set by `version`; answers the row with its next version. @throws VersionConflictError, UniqueConflictError. */
  update(installation: Installation): Promise<Installation>;
  /**
   * Adds one message atomically, as `withMessage` does, without a version check (many workers may report at once).
   * False when there is no such installation.
   */
  addMessage(
    tenantId: TenantId,
    id: InstallationId,
    message: Omit<InstallationMessage, 'count'>,
  ): Promise<boolean>;
  list(
    tenantId: TenantId,
    filter: InstallationFilter,
    page: PageQuery,
  ): Promise<Page<Installation>>;
  /** Enabled installations of an integration across tenants, oldest first by id, after an id. For schedules only. */
  listEnabled(
    integration: string,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly Installation[]>;
  /** Installations in state `deleting` across tenants, by id, after an id. For maintenance only. */
  listDeleting(afterId: InstallationId | null, limit: number): Promise<readonly Installation[]>;
  /**
   * Deletes the row with its mappings, webhook endpoints and deliveries, runs, inbox and dead letters, at most `limit` rows of
   * each in one call. Answers whether everything is gone; call again until it is. True when there was nothing.
   */
  deleteBatch(tenantId: TenantId, id: InstallationId, limit: number): Promise<boolean>;
}
