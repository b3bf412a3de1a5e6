import type { JobParts } from '../job/job-parts.js';
import type { Logger } from '../platform/logger.port.js';
import type { Schedule, ScheduleId } from './schedule.js';
import type { KeptTimer, Scheduler, TimerKey, TimerPage } from './scheduler.port.js';

/** How often timers are compared with schedules, by one process of all. */
const COMPARE_EVERY_MS = 15 * 60_000;
const LEASE_KEY = 'schedule-timers';
const PAGE = 200;

type WithScheduler = Pick<JobParts, 'scheduler'>;
type TimerParts = WithScheduler & Pick<JobParts, 'persistence' | 'platform'>;

/** Makes the timer of a schedule that was stored. What fails is made up for when timers are compared; until then the tick is there. */
export async function keepTimer(
  { scheduler }: WithScheduler,
  schedule: Schedule,
  logger: Logger,
): Promise<void> {
  if (!scheduler) return;
  const { id: scheduleId } = schedule;
  try {
    if (!schedule.enabled) {
      await scheduler.remove(schedule);
      return;
    }
    const plan = await scheduler.ensure(schedule);
    if (!plan.kept) logger.info('A schedule has no timer', { scheduleId, reason: plan.reason });
  } catch (error) {
    logger.warn('The timer of a schedule could not be made; it is tried again', {
      ...{ scheduleId, error },
    });
  }
}

/** Removes the timer of a schedule that is gone. */
export async function dropTimer(
  { scheduler }: WithScheduler,
  timer: TimerKey,
  logger: Logger,
): Promise<void> {
  try {
    await scheduler?.remove(timer);
  } catch (error) {
    const { id: scheduleId } = timer;
    logger.warn('The timer of a schedule could not be removed; it is tried again', {
      ...{ scheduleId, error },
    });
  }
}

async function keptTimers({ scheduler }: TimerParts): Promise<Map<ScheduleId, KeptTimer[]>> {
  const kept = new Map<ScheduleId, KeptTimer[]>();
  for (let after: string | null = null; ;) {
    const page: TimerPage | undefined = await scheduler?.list(after);
    for (const timer of page?.timers ?? []) {
      kept.set(timer.id, [...(kept.get(timer.id) ?? []), timer]);
    }
    after = page?.next ?? null;
    if (after === null) return kept;
  }
}

async function* enabledSchedules({ persistence }: TimerParts): AsyncGenerator<Schedule> {
  for (let after: ScheduleId | null = null; ;) {
    const page: readonly Schedule[] = await persistence.schedules.listEnabled(after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

/**
 * Compares the timers of the scheduler with the schedules that are enabled: makes what is missing or outdated, removes what belongs to
 * none. One process does it, now and then. Answers how many it changed.
 */
export async function reconcileTimers(parts: TimerParts, logger: Logger): Promise<number> {
  const { scheduler, persistence, platform } = parts;
  if (!scheduler) return 0;
  const now = platform.clock.now();
  const owner = platform.ids.next();
  const lease = await persistence.leases.acquire({
    ...{ key: LEASE_KEY, owner, ttlMs: COMPARE_EVERY_MS, now },
  });
  if (!lease) return 0;
  try {
    // The lease is not given back: until it is over nobody needs to look again.
    return await compare(parts, scheduler, logger);
  } catch (error) {
    await persistence.leases.release(lease);
    throw error;
  }
}

async function compare(parts: TimerParts, scheduler: Scheduler, logger: Logger): Promise<number> {
  const kept = await keptTimers(parts);
  let changed = 0;
  for await (const schedule of enabledSchedules(parts)) {
    const plan = scheduler.plan(schedule);
    if (!plan.kept) continue;
    const timers = kept.get(schedule.id) ?? [];
    kept.delete(schedule.id);
    if (timers.length === 1 && timers[0]?.fingerprint === plan.fingerprint) continue;
    await scheduler.ensure(schedule);
    changed += 1;
  }
  for (const [timer] of kept.values()) {
    if (!timer) continue;
    await scheduler.remove(timer);
    changed += 1;
  }
  if (changed > 0) logger.info('Timers were not as their schedules and are mended', { changed });
  return changed;
}
