import type { InstallationId, Run, RunId } from '@tenon/core';
import { choiceFlag, textFlag } from '../flags.js';
import { timeCell } from '../operate/paging.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';

const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

const flags = {
  installation: textFlag('ID', 'Of this installation alone'),
  state: choiceFlag(states, 'In this state alone'),
};

function progressCell({ progress: { processed, total, failed } }: Run): string {
  const counts = total === null ? String(processed) : `${processed}/${total}`;
  return failed > 0 ? `${counts}, ${failed} failed` : counts;
}

/** `tenon runs list`. */
export const runsListCommand = listCommand<Run, typeof flags>({
  name: 'runs list',
  what: 'runs',
  flags,
  columns: [
    ['ID', ({ id }) => id],
    ['STATE', ({ state }) => state],
    ['JOB', ({ job }) => job],
    ['RECORDS', progressCell],
    ['CREATED', ({ createdAt }) => timeCell(createdAt)],
    ['ERROR', ({ error }) => error?.message ?? '-'],
  ],
  list: ({ commands, context }, page, { installation, state }) =>
    commands.runs.list(context, {
      ...page,
      ...(installation !== null && { installationId: installation as InstallationId }),
      ...(state !== null && { state }),
    }),
});

/** `tenon runs show`. */
export const runsShowCommand = thingCommand({
  name: 'runs show',
  summary: 'Show a run',
  of: 'run',
  work: ({ commands, context }, id) => commands.runs.get(context, { runId: id as RunId }),
});

/** `tenon runs cancel`. */
export const runsCancelCommand = thingCommand({
  name: 'runs cancel',
  summary: 'Cancel a run: its jobs end at the next occasion',
  of: 'run',
  work: ({ commands, context }, id) => commands.runs.cancel(context, { runId: id as RunId }),
});

/** `tenon runs resume`. */
export const runsResumeCommand = thingCommand({
  name: 'runs resume',
  summary: 'Let a failed or cancelled run go on where it stopped',
  of: 'run',
  work: ({ commands, context }, id) => commands.runs.resume(context, { runId: id as RunId }),
});
