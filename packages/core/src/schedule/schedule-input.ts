import type { InstallationId } from '../installation/installation.js';
import type { InputCheck } from '../platform/input-check.js';
import { hasCode } from '../platform/tenon.error.js';
import type { Cron } from './cron.port.js';
import type { Schedule, ScheduleCatchUp, ScheduleId, ScheduleOverlap } from './schedule.js';
import type { Timing } from './schedule-timing.js';

/** When a schedule is due: by a cron expression (time zone: `UTC` by default), at a distance, or at one moment. */
export type ScheduleWhen =
  | { readonly kind: 'cron'; readonly cron: string; readonly timeZone?: string | undefined }
  | { readonly kind: 'every'; readonly everyMs: number; readonly startAt?: Date | undefined }
  | { readonly kind: 'once'; readonly at: Date };

/** Input of `schedules.create`. */
export interface CreateScheduleInput {
  readonly installationId: InstallationId;
  readonly name: string;
  /** A declared job of the integration, and its input. */
  readonly job: string;
  readonly input?: unknown;
  readonly when: ScheduleWhen;
  /** Default: `skip`. */
  readonly overlap?: ScheduleOverlap | undefined;
  /** Default: `last`. */
  readonly catchUp?: ScheduleCatchUp | undefined;
  /** Default: true. */
  readonly enabled?: boolean | undefined;
}

/** Input of `schedules.update`: what is left out stays. */
export interface UpdateScheduleInput {
  readonly installationId?: InstallationId | undefined;
  readonly scheduleId: ScheduleId;
  readonly input?: unknown;
  readonly when?: ScheduleWhen | undefined;
  readonly overlap?: ScheduleOverlap | undefined;
  readonly catchUp?: ScheduleCatchUp | undefined;
  readonly enabled?: boolean | undefined;
}

const MIN_EVERY_MS = 1_000;
const MAX_EVERY_MS = 366 * 24 * 60 * 60 * 1_000;

const catchUps: readonly ScheduleCatchUp[] = ['none', 'last', 'all'];
const overlaps: readonly ScheduleOverlap[] = ['skip', 'queue', 'allow'];

function comesTrue(
  when: { readonly cron: string; readonly timeZone: string },
  { cron, now }: { readonly cron: Cron; readonly now: Date },
): boolean {
  try {
    return cron.nextAfter(when.cron, when.timeZone, now) !== null;
  } catch (error) {
    if (hasCode(error, 'MISCONFIGURED')) return false;
    throw error;
  }
}

const isMoment = (at: Date): boolean => !Number.isNaN(at.getTime());

/** Checks when a schedule is due. */
export function checkedTiming(
  check: InputCheck,
  when: ScheduleWhen,
  { cron, now }: { readonly cron: Cron; readonly now: Date },
): Timing {
  const none = { cron: null, timeZone: 'UTC', everyMs: null, runAt: null };
  switch (when.kind) {
    case 'cron': {
      const timeZone = when.timeZone ?? 'UTC';
      const good = comesTrue({ cron: when.cron, timeZone }, { cron, now });
      check.expect(good, 'when.cron', 'a cron expression that comes true, and an IANA time zone');
      return { ...none, kind: 'cron', cron: when.cron, timeZone };
    }
    case 'every': {
      const { everyMs, startAt = new Date(now.getTime() + everyMs) } = when;
      const good = Number.isInteger(everyMs) && everyMs >= MIN_EVERY_MS && everyMs <= MAX_EVERY_MS;
      const bounds = `a whole number of milliseconds, ${MIN_EVERY_MS} to ${MAX_EVERY_MS}`;
      check.expect(good, 'when.everyMs', bounds);
      check.expect(!good || isMoment(startAt), 'when.startAt', 'a moment');
      return { ...none, kind: 'every', everyMs, runAt: startAt };
    }
    case 'once':
      check.expect(isMoment(when.at) && when.at > now, 'when.at', 'a moment in the future');
      return { ...none, kind: 'once', runAt: when.at };
    default:
      check.expect(false, 'when.kind', 'cron, every or once');
      return { ...none, kind: 'once' };
  }
}

/** Checks what a schedule does while its last run is at work. */
export function checkOverlap(check: InputCheck, overlap: Schedule['overlap']): void {
  check.expect(overlaps.includes(overlap), 'overlap', overlaps.join(', '));
}

/** Checks what becomes of times that passed. */
export function checkCatchUp(check: InputCheck, catchUp: Schedule['catchUp']): void {
  check.expect(catchUps.includes(catchUp), 'catchUp', catchUps.join(', '));
}
