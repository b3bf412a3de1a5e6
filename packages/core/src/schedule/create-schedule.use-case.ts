import { visibleInstallation } from '../installation/visible-installation.js';
import type { JobParts } from '../job/job-parts.js';
import { checkedInput } from '../job/new-job.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { InputCheck } from '../platform/input-check.js';
import { hasCode } from '../platform/tenon.error.js';
import { checkCatchUp, checkedTiming, checkOverlap } from './schedule-input.js';
import type { CreateScheduleInput } from './schedule-input.js';
import { keepTimer } from './schedule-timers.js';
import { nextTime } from './schedule-timing.js';
import { scheduleExists } from './schedule.errors.js';
import type { Schedule } from './schedule.js';

/**
 * Stores a schedule of an installation. Throws `INSTALLATION_NOT_FOUND`, `JOB_NOT_DECLARED`, `VALIDATION_FAILED`,
 * `SCHEDULE_EXISTS`.
 */
export class CreateSchedule {
  constructor(private readonly parts: JobParts) {}

  async execute(context: Context, input: CreateScheduleInput): Promise<Schedule> {
    requireScope(context, 'runs:write');
    const { persistence, platform, registry } = this.parts;
    const installation = await visibleInstallation(persistence, context, input.installationId);
    const integration = registry.integration(installation.integration);
    const { job, overlap = 'skip', catchUp = 'last', enabled = true } = input;
    const now = platform.clock.now();
    const check = new InputCheck('The schedule');
    const name = check.text('name', input.name, { max: 100 });
    const timing = checkedTiming(check, input.when, { cron: platform.cron, now });
    checkOverlap(check, overlap);
    checkCatchUp(check, catchUp);
    check.done();
    const schedule: Schedule = {
      ...timing,
      ...{ id: platform.ids.next(), tenantId: context.tenantId, installationId: installation.id },
      ...{ name, job, input: await checkedInput(integration, job, input.input), overlap, catchUp },
      enabled,
      nextAt: enabled ? nextTime(platform.cron, timing, now) : null,
      ...{ lastStartedAt: null, lastRunId: null, missed: 0, lastMissedAt: null, lastMiss: null },
      ...{ createdAt: now, updatedAt: now, version: 1 },
    };
    await persistence.schedules.insert(schedule).catch((error: unknown) => {
      throw hasCode(error, 'UNIQUE_CONFLICT') ? scheduleExists(name) : error;
    });
    await keepTimer(this.parts, schedule, context.logger);
    return schedule;
  }
}
