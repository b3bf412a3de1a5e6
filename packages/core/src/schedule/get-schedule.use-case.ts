import type { InstallationId } from '../installation/installation.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Schedule, ScheduleId } from './schedule.js';
import { visibleSchedule } from './visible-schedule.js';

/** Answers a stored schedule. Throws `INSTALLATION_NOT_FOUND`, `SCHEDULE_NOT_FOUND`. */
export class GetSchedule {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'installations' | 'schedules'>;
    },
  ) {}

  async execute(
    context: Context,
    input: {
      readonly installationId?: InstallationId | undefined;
      readonly scheduleId: ScheduleId;
    },
  ): Promise<Schedule> {
    requireScope(context, 'runs:read');
    return (await visibleSchedule(this.parts.persistence, context, input)).schedule;
  }
}
