import type { Cron } from './cron.port.js';
import { dueSpan, nextTime } from './schedule-timing.js';
import type { Schedule } from './schedule.js';

/** What a process that comes to a due schedule is to do. */
export interface CatchUp {
  /** The time that starts a run; null when none does. */
  readonly time: Date | null;
  /** How many times pass without one, for being late, and the newest of them. */
  readonly missed: number;
  readonly lastMissed: Date | null;
  /** When it is due again. */
  readonly next: Date | null;
}

/** Ticks come late by themselves: by a minute, and by more when a function starts anew. */
const GRACE_MS = 5 * 60_000;
const MAX_MADE_UP = 100;
/** Nobody catches up on more times than can be counted. */
const MAX_COUNT = 1_000;

interface Span {
  readonly dueAt: Date;
  readonly now: Date;
}

/** The times from `dueAt` to `now`; null when there are too many. */
function dueList(cron: Cron, schedule: Schedule, { dueAt, now }: Span): readonly Date[] | null {
  const times: Date[] = [];
  for (let time: Date | null = dueAt; time !== null && time <= now;) {
    if (times.length === MAX_COUNT) return null;
    times.push(time);
    time = nextTime(cron, schedule, time);
  }
  return times;
}

/** The newest time before one; only needed to be told, so that a look back of the distance to it is enough. */
function before(times: readonly Date[], index: number): Date | null {
  return times[index - 1] ?? null;
}

function latest(cron: Cron, schedule: Schedule, span: Span): CatchUp {
  const { latest: time, missed, next } = dueSpan(cron, schedule, span);
  // With a single time there is nothing to look for.
  const times = missed === 0 ? null : dueList(cron, schedule, span);
  const lastMissed = times ? before(times, times.length - 1) : null;
  return { time, missed, lastMissed: missed === 0 ? null : (lastMissed ?? span.dueAt), next };
}

/** Decides which of the times that are due start runs, as the schedule's `catchUp` says. */
export function catchUp(cron: Cron, schedule: Schedule, span: Span): CatchUp {
  const newest = latest(cron, schedule, span);
  if (schedule.catchUp === 'none' && newest.time !== null) {
    const lateMs = span.now.getTime() - newest.time.getTime();
    if (lateMs <= GRACE_MS) return newest;
    return { ...newest, time: null, missed: newest.missed + 1, lastMissed: newest.time };
  }
  if (schedule.catchUp !== 'all') return newest;
  const times = dueList(cron, schedule, span);
  if (times === null) return newest;
  const dropped = Math.max(0, times.length - MAX_MADE_UP);
  const time = times[dropped] ?? span.dueAt;
  const next = times[dropped + 1] ?? newest.next;
  return { time, missed: dropped, lastMissed: before(times, dropped), next };
}
