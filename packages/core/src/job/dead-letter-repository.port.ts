import type { InstallationId } from '../installation/installation.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { DeadLetter, DeadLetterId, DeadLetterReason } from './dead-letter.js';
import type { JobId } from './job.js';

export interface DeadLetterFilter {
  readonly installationId?: InstallationId;
  readonly runId?: RunId;
  readonly jobId?: JobId;
  readonly reasons?: readonly DeadLetterReason[];
  /** Only those of installations of this user. */
  readonly userId?: UserId;
}

/** Whose jobs are parked. */
export interface ParkedInstallation {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
}

export interface DeadLetterRepository {
  insert(deadLetter: DeadLetter): Promise<void>;
  find(tenantId: TenantId, id: DeadLetterId): Promise<DeadLetter | null>;
  list(tenantId: TenantId, filter: DeadLetterFilter, page: PageQuery): Promise<Page<DeadLetter>>;
  /** Removes and answers the oldest that match, at most `limit`, atomically: two callers never get the same one. */
  take(tenantId: TenantId, filter: DeadLetterFilter, limit: number): Promise<readonly DeadLetter[]>;
  /**
   * Installations, of all tenants, with jobs that were parked before `before` because they, their tenant or a connection could not
   * work: each once, by id, from after `afterId`, at most `limit`.
   */
  listParked(
    before: Date,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly ParkedInstallation[]>;
  /** False when there was none. */
  delete(tenantId: TenantId, id: DeadLetterId): Promise<boolean>;
}
