import type { InstallationId } from '../installation/installation.js';
import type { Brand } from '../platform/brand.js';
import type { JsonValue } from '../platform/json.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';

export type ScheduleId = Brand<string, 'ScheduleId'>;

/** What happens at a time at which the schedule's last run is still at work: no run, a run when that one is done, a run. */
export type ScheduleOverlap = 'skip' | 'queue' | 'allow';

/**
 * What happens with times that passed while nobody was there to start them. `last`: the newest starts a run, the others are reported.
 * `none`: none does, unless it is five minutes old at most. `all`: each does, one after another, up to the newest 100.
 */
export type ScheduleCatchUp = 'none' | 'last' | 'all';

/**
 * Why a time of a schedule started no run. `late`: nobody was there to start it; `overlap`: the last run was still at work;
 * `not_enabled`: its installation or tenant was not; `failed`: the job refuses the input, or is gone.
 */
export type ScheduleMiss = 'late' | 'overlap' | 'not_enabled' | 'failed';

/** A schedule of one installation, made while the app runs, beside those of the integration's definition. */
export interface Schedule {
  readonly id: ScheduleId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  /** Unique in the installation; at most 100 characters. */
  readonly name: string;
  /** The declared job that starts, with its input. */
  readonly job: string;
  readonly input: JsonValue;
  readonly kind: 'cron' | 'every' | 'once';
  /** The expression of `cron`, else null, and the time zone (IANA name) that it is read in. */
  readonly cron: string | null;
  readonly timeZone: string;
  /** The distance of `every`, else null. */
  readonly everyMs: number | null;
  /** The time of `once`, or the first time of `every`; null for `cron`. */
  readonly runAt: Date | null;
  readonly overlap: ScheduleOverlap;
  readonly catchUp: ScheduleCatchUp;
  readonly enabled: boolean;
  /** When it is due next; null when it is not enabled, or has ended. */
  readonly nextAt: Date | null;
  readonly lastStartedAt: Date | null;
  readonly lastRunId: RunId | null;
  /** How many of its times started no run. */
  readonly missed: number;
  /** The newest of those, and why. */
  readonly lastMissedAt: Date | null;
  readonly lastMiss: ScheduleMiss | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
