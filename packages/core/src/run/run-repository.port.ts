import type { InstallationId } from '../installation/installation.js';
import type { JsonValue } from '../platform/json.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { Run, RunId, RunProgressDelta, RunState } from './run.js';

export interface RunFilter {
  readonly installationId?: InstallationId;
  readonly state?: RunState;
  readonly parentId?: RunId;
  /** Only runs of installations of this user. */
  readonly userId?: UserId;
}

/** What one job changes in its run; applied in one statement. */
export interface RunAdvance {
  readonly progress?: RunProgressDelta;
  /** Replaces the checkpoint when present, also by null. */
  readonly checkpoint?: JsonValue;
  readonly result?: Run['result'];
  /** Added to `pendingJobs`: jobs enqueued minus jobs ended. */
  readonly pendingJobs?: number;
  readonly deadJobs?: number;
  /** Kept as the run's error when it has none yet. */
  readonly error?: Run['error'];
  readonly at: Date;
}

export interface RunRepository {
  /** @throws UniqueConflictError naming `key` when the installation has a run with this key. */
  insert(run: Run): Promise<void>;
  find(tenantId: TenantId, id: RunId): Promise<Run | null>;
  findByKey(tenantId: TenantId, installationId: InstallationId, key: string): Promise<Run | null>;
  /**
   * Applies an advance atomically, without a version check (many jobs may advance one run at once), and settles the state:
   * `queued` becomes `running` (and gets `startedAt`); a running run whose `pendingJobs` reached 0 becomes `failed` when
   * `deadJobs` > 0, else `succeeded`, and gets `finishedAt`. A cancelled run stays cancelled, its counts still move.
   * Answers the row after the change, or null when there is none.
   */
  advance(tenantId: TenantId, id: RunId, change: RunAdvance): Promise<Run | null>;
  /** Compare-and-set by `version`; answers the row with its next version. @throws VersionConflictError. */
  update(run: Run): Promise<Run>;
  list(tenantId: TenantId, filter: RunFilter, page: PageQuery): Promise<Page<Run>>;
}
