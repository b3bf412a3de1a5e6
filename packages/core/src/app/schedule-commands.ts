import type { InstallationId } from '../installation/installation.js';
import type { AppContext, Context } from '../platform/context.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { CreateScheduleInput, UpdateScheduleInput } from '../schedule/schedule-input.js';
import type { Schedule, ScheduleId } from '../schedule/schedule.js';

/** The commands of schedules. */
export interface ScheduleCommands {
  /** Stores a schedule of an installation, beside those of its definition. @throws TenonError `SCHEDULE_EXISTS`. */
  create(context: Context, input: CreateScheduleInput): Promise<Schedule>;
  get(
    context: Context,
    input: { readonly installationId: InstallationId; readonly scheduleId: ScheduleId },
  ): Promise<Schedule>;
  list(
    context: Context,
    input: PageRequest & {
      readonly installationId: InstallationId;
      readonly enabled?: boolean | undefined;
    },
  ): Promise<Page<Schedule>>;
  /** What is left out stays. @throws TenonError `SCHEDULE_ENDED` when no time is left. */
  update(context: Context, input: UpdateScheduleInput): Promise<Schedule>;
  delete(
    context: Context,
    input: { readonly installationId: InstallationId; readonly scheduleId: ScheduleId },
  ): Promise<void>;
  /** Starts the runs of every schedule that was due after `since` and up to now. Safe to call from many processes. */
  tick(
    context: AppContext,
    input: { readonly since: Date },
  ): Promise<{ readonly started: number; readonly skipped: number }>;
}
