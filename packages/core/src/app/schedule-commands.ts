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
    input: {
      readonly installationId?: InstallationId | undefined;
      readonly scheduleId: ScheduleId;
    },
  ): Promise<Schedule>;
  list(
    context: Context,
    input: PageRequest & {
      /** Without one: of the whole tenant, for those who see it. */
      readonly installationId?: InstallationId | undefined;
      readonly enabled?: boolean | undefined;
    },
  ): Promise<Page<Schedule>>;
  /** What is left out stays. @throws TenonError `SCHEDULE_ENDED` when no time is left. */
  update(context: Context, input: UpdateScheduleInput): Promise<Schedule>;
  delete(
    context: Context,
    input: {
      readonly installationId?: InstallationId | undefined;
      readonly scheduleId: ScheduleId;
    },
  ): Promise<void>;
  /**
   * Starts the run of the one stored schedule whose timer fired; `input` is what the timer sent along, `at` the time that was due. A
   * time starts one run, however often its timer fires. Null when `input` is no timer's: then tick.
   */
  fire(
    context: AppContext,
    input: { readonly input: unknown; readonly at: Date },
  ): Promise<{ readonly started: number; readonly skipped: number } | null>;
  /** Starts the runs of every schedule that was due after `since` and up to now. Safe to call from many processes. */
  tick(
    context: AppContext,
    input: { readonly since: Date },
  ): Promise<{ readonly started: number; readonly skipped: number }>;
}
