import type { Cron } from './cron.port.js';
import { dueTimes } from './due-times.js';
import type { Schedule } from './schedule.js';

/** What decides when a schedule is due. */
export type Timing = Pick<Schedule, 'kind' | 'cron' | 'timeZone' | 'everyMs' | 'runAt'>;

/** The first time of a schedule after a moment; null when there is none. */
export function nextTime(cron: Cron, timing: Timing, after: Date): Date | null {
  const { cron: expression, everyMs, runAt } = timing;
  if (expression !== null) return cron.nextAfter(expression, timing.timeZone, after);
  if (runAt === null) return null;
  if (runAt > after) return runAt;
  if (everyMs === null) return null;
  const passed = Math.floor((after.getTime() - runAt.getTime()) / everyMs);
  return new Date(runAt.getTime() + (passed + 1) * everyMs);
}

/** The newest of the times from `dueAt` to `now`, how many lie before it, and the next one after `now`. */
export function dueSpan(
  cron: Cron,
  timing: Timing,
  { dueAt, now }: { readonly dueAt: Date; readonly now: Date },
): { readonly latest: Date; readonly missed: number; readonly next: Date | null } {
  const next = nextTime(cron, timing, now);
  const { cron: expression, everyMs, timeZone } = timing;
  if (expression !== null) {
    const since = new Date(dueAt.getTime() - 1);
    const times = dueTimes(cron, { cron: expression, timeZone }, { since, now });
    return { ...(times ?? { latest: dueAt, missed: 0 }), next };
  }
  if (everyMs === null) return { latest: dueAt, missed: 0, next };
  const missed = Math.floor((now.getTime() - dueAt.getTime()) / everyMs);
  return { latest: new Date(dueAt.getTime() + missed * everyMs), missed, next };
}
