import type { InstallationId, Schedule, ScheduleId } from '@tenon/core';
import { switchFlag, textFlag } from '../flags.js';
import { timeCell } from '../operate/paging.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';

const of = 'schedule';
const filters = {
  installation: textFlag('ID', 'Of this installation alone'),
  enabled: switchFlag('Those alone that are enabled'),
};

function whenCell({ kind, cron, timeZone, everyMs, runAt }: Schedule): string {
  if (kind === 'cron') return `${cron ?? '-'} ${timeZone}`;
  return kind === 'every' ? `every ${(everyMs ?? 0) / 1_000} s` : `once ${timeCell(runAt)}`;
}

function missedCell({ missed, lastMiss, lastMissedAt }: Schedule): string {
  return missed === 0 ? '0' : `${missed}, last ${timeCell(lastMissedAt)} (${lastMiss ?? 'late'})`;
}

/** `tenon schedules list`. */
export const schedulesListCommand = listCommand<Schedule, typeof filters>({
  name: 'schedules list',
  what: 'stored schedules',
  flags: filters,
  columns: [
    ['ID', ({ id }) => id],
    ['NAME', ({ name }) => name],
    ['JOB', ({ job }) => job],
    ['WHEN', whenCell],
    ['OVERLAP', ({ overlap }) => overlap],
    ['NEXT', ({ nextAt }) => timeCell(nextAt)],
    ['LAST STARTED', ({ lastStartedAt }) => timeCell(lastStartedAt)],
    ['MISSED', missedCell],
  ],
  list: ({ commands, context }, page, { installation, enabled }) =>
    commands.schedules.list(context, {
      ...page,
      ...(installation !== null && { installationId: installation as InstallationId }),
      ...(enabled && { enabled }),
    }),
});

/** `tenon schedules show`. */
export const schedulesShowCommand = thingCommand({
  name: 'schedules show',
  summary: 'Show a stored schedule, with the times that it missed',
  of,
  work: ({ commands, context }, id) =>
    commands.schedules.get(context, { scheduleId: id as ScheduleId }),
});

/** `tenon schedules enable`. */
export const schedulesEnableCommand = thingCommand({
  name: 'schedules enable',
  summary: 'Enable a stored schedule: it is due at its next time from now on',
  of,
  work: ({ commands, context }, id) =>
    commands.schedules.update(context, { scheduleId: id as ScheduleId, enabled: true }),
});

/** `tenon schedules disable`. */
export const schedulesDisableCommand = thingCommand({
  name: 'schedules disable',
  summary: 'Disable a stored schedule: it starts nothing until it is enabled',
  of,
  work: ({ commands, context }, id) =>
    commands.schedules.update(context, { scheduleId: id as ScheduleId, enabled: false }),
});

/** `tenon schedules delete`. */
export const schedulesDeleteCommand = thingCommand({
  name: 'schedules delete',
  summary: 'Delete a stored schedule; its runs stay',
  of,
  done: 'Deleted.',
  work: ({ commands, context }, id) =>
    commands.schedules.delete(context, { scheduleId: id as ScheduleId }),
});
