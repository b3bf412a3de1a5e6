import type { InstallationId } from '../installation/installation.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { dropTimer } from './schedule-timers.js';
import type { ScheduleId } from './schedule.js';
import type { Scheduler } from './scheduler.port.js';
import { visibleSchedule } from './visible-schedule.js';

/** Deletes a stored schedule; its runs stay. Throws `INSTALLATION_NOT_FOUND`, `SCHEDULE_NOT_FOUND`. */
export class DeleteSchedule {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'installations' | 'schedules'>;
      readonly scheduler?: Scheduler | undefined;
    },
  ) {}

  async execute(
    context: Context,
    input: {
      readonly installationId?: InstallationId | undefined;
      readonly scheduleId: ScheduleId;
    },
  ): Promise<void> {
    requireScope(context, 'runs:write');
    const { schedule } = await visibleSchedule(this.parts.persistence, context, input);
    await this.parts.persistence.schedules.delete(context.tenantId, schedule.id);
    await dropTimer(this.parts, schedule, context.logger);
  }
}
