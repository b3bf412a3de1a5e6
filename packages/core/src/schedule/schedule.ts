import type { InstallationId } from '../installation/installation.js';
import type { Brand } from '../platform/brand.js';
import type { JsonValue } from '../platform/json.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';

export type ScheduleId = Brand<string, 'ScheduleId'>;

/** What happens at a time at which the schedule's last run is still at work: no run, a run when that one is done, a run. */
export type ScheduleOverlap = 'skip' | 'queue' | 'allow';

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
  readonly enabled: boolean;
  /** When it is due next; null when it is not enabled, or has ended. */
  readonly nextAt: Date | null;
  readonly lastStartedAt: Date | null;
  readonly lastRunId: RunId | null;
  /** How many of its times started no run. */
  readonly missed: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
