import type { JobParts } from '../job/job-parts.js';
import { checkedInput } from '../job/new-job.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { InputCheck } from '../platform/input-check.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { checkCatchUp, checkedTiming, checkOverlap } from './schedule-input.js';
import type { UpdateScheduleInput } from './schedule-input.js';
import { keepTimer } from './schedule-timers.js';
import { nextTime } from './schedule-timing.js';
import type { Timing } from './schedule-timing.js';
import { scheduleEnded } from './schedule.errors.js';
import type { Schedule } from './schedule.js';
import { visibleSchedule } from './visible-schedule.js';

/**
 * Changes a stored schedule. Enabled anew, or with another `when`, it is due next at its first time from now on. Throws
 * `INSTALLATION_NOT_FOUND`, `SCHEDULE_NOT_FOUND`, `VALIDATION_FAILED`, `SCHEDULE_ENDED`.
 */
export class UpdateSchedule {
  constructor(private readonly parts: JobParts) {}

  async execute(context: Context, input: UpdateScheduleInput): Promise<Schedule> {
    requireScope(context, 'runs:write');
    const { persistence, platform, registry } = this.parts;
    const { schedule, installation } = await visibleSchedule(persistence, context, input);
    const now = platform.clock.now();
    const check = new InputCheck('The schedule');
    const timing = input.when && checkedTiming(check, input.when, { cron: platform.cron, now });
    if (input.overlap !== undefined) checkOverlap(check, input.overlap);
    if (input.catchUp !== undefined) checkCatchUp(check, input.catchUp);
    check.done();
    const given =
      input.input === undefined
        ? {}
        : {
            input: await checkedInput(
              registry.integration(installation.integration),
              schedule.job,
              input.input,
            ),
          };
    const stored = await retryConflicts(async () => {
      const current = (await visibleSchedule(persistence, context, input)).schedule;
      const { overlap = current.overlap, catchUp = current.catchUp } = input;
      const changed = this.#due(current, { timing, enabled: input.enabled });
      return persistence.schedules.update({
        ...{ ...changed, ...given, overlap, catchUp },
        updatedAt: now,
      });
    });
    await keepTimer(this.parts, stored, context.logger);
    return stored;
  }

  #due(
    current: Schedule,
    change: { readonly timing: Timing | undefined; readonly enabled: boolean | undefined },
  ): Schedule {
    const { enabled = current.enabled, timing } = change;
    const next = { ...current, ...timing, enabled };
    if (!enabled) return { ...next, nextAt: null };
    if (!timing && current.enabled) return next;
    const { clock, cron } = this.parts.platform;
    const nextAt = nextTime(cron, next, clock.now());
    if (nextAt === null) throw scheduleEnded(current.name);
    return { ...next, nextAt };
  }
}
