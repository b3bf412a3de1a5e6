import type { InstallationId } from '../installation/installation.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { JobId, OutgoingJob, OutgoingJobId } from './job.js';

/** A job that is not handed to its queue yet. */
export interface WaitingJob extends OutgoingJob {
  /** Not handed over by a relay before this time. */
  readonly availableAt: Date;
  readonly createdAt: Date;
}

export interface OutboxFilter {
  readonly installationId?: InstallationId;
  /** Every hand-over of this job; nobody counts on more than a few. */
  readonly jobId?: JobId;
  /** Only those of installations of this user. */
  readonly userId?: UserId;
}

/** Jobs that were committed with other changes and wait to be handed to the queue. */
export interface OutboxRepository {
  /** Adds in one statement. `availableAt`: not handed over by a relay before this time (the writer sends them itself at once). */
  add(jobs: readonly OutgoingJob[], availableAt: Date, at: Date): Promise<void>;
  /** Removes entries that were sent. Unknown ids are ignored. */
  remove(ids: readonly OutgoingJobId[]): Promise<void>;
  /**
   * Takes the oldest entries that are due and hides them until `hiddenUntil`, so that two relays do not send the same ones
   * unless the first one dies. Skips rows that another relay is taking.
   */
  take(limit: number, now: Date, hiddenUntil: Date): Promise<readonly OutgoingJob[]>;
  /** What waits of a tenant, the newest first. For people: it may read everything that waits. */
  list(tenantId: TenantId, filter: OutboxFilter, page: PageQuery): Promise<Page<WaitingJob>>;
  /** How many wait, and since when the oldest. */
  status(): Promise<{ readonly waiting: number; readonly oldestAt: Date | null }>;
}
