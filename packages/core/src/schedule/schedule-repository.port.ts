import type { InstallationId } from '../installation/installation.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';
import type { Schedule, ScheduleId, ScheduleMiss } from './schedule.js';
import type { TimerKey } from './scheduler.port.js';

export interface ScheduleFilter {
  readonly installationId?: InstallationId;
  readonly enabled?: boolean;
}

/** A due schedule that one process may start. */
export interface ClaimedSchedule {
  /** As it was when it was claimed. */
  readonly schedule: Schedule;
  /** The time that is due. */
  readonly dueAt: Date;
  readonly owner: string;
}

/** What became of a due time. */
export interface ScheduleOutcome {
  /** When it is due again; null ends the schedule: it is not enabled any more. */
  readonly nextAt: Date | null;
  /** Added to `missed`. */
  readonly missed: number;
  /** The newest time that was missed, and why; null when none was. */
  readonly lastMissed: { readonly at: Date; readonly reason: ScheduleMiss } | null;
  readonly started: { readonly runId: RunId; readonly at: Date } | null;
  readonly at: Date;
}

/** Stored schedules. They go with their installation. */
export interface ScheduleRepository {
  /** @throws UniqueConflictError naming `name` when the installation has a schedule of this name. */
  insert(schedule: Schedule): Promise<void>;
  find(tenantId: TenantId, id: ScheduleId): Promise<Schedule | null>;
  list(tenantId: TenantId, filter: ScheduleFilter, page: PageQuery): Promise<Page<Schedule>>;
  /**
   * Compare-and-set by `version`; answers the row with its next version. Installation, name and `createdAt` stay, and so
   * does a claim. @throws VersionConflictError.
   */
  update(schedule: Schedule): Promise<Schedule>;
  /**
   * Claims schedules of all tenants that are enabled and due (`nextAt` ≤ `now`), the most overdue first: of many processes
   * at once, one gets each. A claim that is not settled ends after `leaseMs`, and the time is claimed again.
   */
  claimDue(input: {
    readonly now: Date;
    readonly limit: number;
    readonly owner: string;
    readonly leaseMs: number;
    /** This one alone. */
    readonly only?: TimerKey | undefined;
  }): Promise<readonly ClaimedSchedule[]>;
  /** Schedules of all tenants that are enabled, by id, from after `after` on. */
  listEnabled(after: ScheduleId | null, limit: number): Promise<readonly Schedule[]>;
  /**
   * Ends a claim. A `nextAt` (and `enabled`) that somebody set since the claim stays; everything else is written. False when
   * the claim is another's by now, or the schedule is gone; nothing is written then.
   */
  settle(claim: ClaimedSchedule, outcome: ScheduleOutcome): Promise<boolean>;
  /** False when there was none. */
  delete(tenantId: TenantId, id: ScheduleId): Promise<boolean>;
}
