import type { Cron } from './cron.port.js';

/** Times that were due, of which only the latest still starts something. */
export interface DueTimes {
  readonly latest: Date;
  /** How many were due before it; counted up to a bound. */
  readonly missed: number;
}

const MAX_COUNT = 1_000;
const MINUTE_MS = 60_000;

/** Starts to look shortly before `now`, so that a process that slept for a month need not walk through every second of it. */
function latestWithin(next: (after: Date) => Date | null, since: Date, now: Date): Date | null {
  for (let window = MINUTE_MS; ; window *= 30) {
    const from = new Date(Math.max(since.getTime(), now.getTime() - window));
    let latest: Date | null = null;
    for (let time = next(from); time !== null && time <= now; time = next(time)) latest = time;
    if (latest !== null || from <= since) return latest;
  }
}

/** The times that an expression names after `since` and up to `now`; null when there is none. */
export function dueTimes(
  cron: Cron,
  schedule: { readonly cron: string; readonly timeZone: string },
  span: { readonly since: Date; readonly now: Date },
): DueTimes | null {
  const { since, now } = span;
  const next = (after: Date): Date | null =>
    cron.nextAfter(schedule.cron, schedule.timeZone, after);
  const latest = latestWithin(next, since, now);
  if (latest === null) return null;
  let missed = 0;
  for (
    let time = next(since);
    time !== null && time < latest && missed < MAX_COUNT;
    time = next(time)
  ) {
    missed += 1;
  }
  return { latest, missed };
}
