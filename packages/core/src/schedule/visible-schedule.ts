import type { Installation, InstallationId } from '../installation/installation.js';
import { visibleInstallation } from '../installation/visible-installation.js';
import { NotFoundError } from '../platform/common.errors.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Schedule, ScheduleId } from './schedule.js';

/** @throws NotFoundError `INSTALLATION_NOT_FOUND`, `SCHEDULE_NOT_FOUND`. */
export async function visibleSchedule(
  repositories: Pick<Repositories, 'installations' | 'schedules'>,
  context: Context,
  input: { readonly installationId?: InstallationId | undefined; readonly scheduleId: ScheduleId },
): Promise<{ readonly schedule: Schedule; readonly installation: Installation }> {
  const { scheduleId } = input;
  const schedule = await repositories.schedules.find(context.tenantId, scheduleId);
  const installationId = input.installationId ?? schedule?.installationId;
  if (installationId === undefined) throw new NotFoundError('schedule', scheduleId);
  const named = input.installationId !== undefined;
  const installation = await visibleInstallation(repositories, context, installationId).catch(
    (error: unknown) => {
      // Whoever names the schedule alone is not told of installations.
      throw named ? error : new NotFoundError('schedule', scheduleId);
    },
  );
  if (schedule?.installationId === installation.id) return { schedule, installation };
  throw new NotFoundError('schedule', scheduleId);
}
