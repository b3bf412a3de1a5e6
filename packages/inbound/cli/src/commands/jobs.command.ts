import type { InstallationId, JobId, JobView } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import { defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { choiceFlag, textFlag } from '../flags.js';
import { writeDetails } from '../operate/details.js';
import { timeCell, writeJson } from '../operate/paging.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';
import { tenantFlags, withTenant } from '../operate/with-tenant.js';
import { word } from '../words.js';

const of = 'job';
const filters = {
  installation: textFlag('ID', 'Of this installation alone'),
  state: choiceFlag(['waiting', 'dead', 'parked'], 'In this state (default: waiting)'),
};

/** `tenon jobs list`. What lies on a queue can only be counted: the health report has the numbers. */
export const jobsListCommand = listCommand<JobView, typeof filters>({
  name: 'jobs list',
  what: 'jobs',
  flags: filters,
  columns: [
    ['ID', ({ id }) => id],
    ['STATE', ({ state }) => state],
    ['JOB', ({ job }) => job ?? '-'],
    ['QUEUE', ({ queue }) => queue ?? '-'],
    ['ATTEMPTS', ({ attempts }) => String(attempts)],
    ['ENQUEUED', ({ enqueuedAt }) => timeCell(enqueuedAt)],
    ['NOT BEFORE', ({ availableAt }) => timeCell(availableAt)],
    ['ERROR', ({ error }) => (error === null ? '-' : `${error.code}: ${error.message}`)],
  ],
  list: ({ commands, context }, page, { installation, state }) =>
    commands.jobs.list(context, {
      ...page,
      ...(installation !== null && { installationId: installation as InstallationId }),
      ...(state !== null && { state }),
    }),
});

/** `tenon jobs show`. */
export const jobsShowCommand = thingCommand({
  name: 'jobs show',
  summary: 'Show where a job is, by the id that logs name',
  of,
  work: ({ commands, context }, id) => commands.jobs.get(context, { jobId: id as JobId }),
});

/** `tenon jobs retry`. */
export const jobsRetryCommand = thingCommand({
  name: 'jobs retry',
  summary: 'Run a job now that waits or has stopped',
  of,
  done: 'On its way.',
  work: ({ commands, context }, id) => commands.jobs.retry(context, { jobId: id as JobId }),
});

/** `tenon jobs discard`. */
export const jobsDiscardCommand = defineCommand({
  name: 'jobs discard',
  summary: 'Give a job up that waits or has stopped',
  words: { id: word('ID', 'the id of the job') },
  flags: { reason: textFlag('TEXT', 'Why; kept in the log. Needed'), ...tenantFlags },
  run: async (flags, io) => {
    const { id, reason, json } = flags;
    if (reason === null) throw new UsageError('--reason is missing: say why it is given up');
    return withTenant(io, flags, async ({ commands, context }) => {
      await commands.jobs.discard(context, { jobId: id as JobId, reason });
      if (json) writeJson(io, { id });
      else io.stdout.write('Discarded.\n');
      return exitCodes.ok;
    });
  },
});

function parsedInput(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const quoted = `'${text.slice(0, 100)}'`;
    throw new UsageError(`--input must be JSON, not ${quoted}; in a shell: --input '{"page":1}'`);
  }
}

/** `tenon jobs enqueue`. */
export const jobsEnqueueCommand = defineCommand({
  name: 'jobs enqueue',
  summary: 'Start a declared job of an installation, as a run',
  words: {
    installation: word('INSTALLATION', 'the id of the installation'),
    job: word('JOB', 'the name of the job, as the integration declares it'),
  },
  flags: {
    input: textFlag('JSON', 'Input of the job'),
    key: textFlag('KEY', 'A second run with this key is not begun; the first one is shown'),
    ...tenantFlags,
  },
  run: async (flags, io) => {
    const { installation, job, key, json } = flags;
    const input = parsedInput(flags.input);
    return withTenant(io, flags, async ({ commands, context }) => {
      const run = await commands.installations.startRun(context, {
        installationId: installation as InstallationId,
        job,
        ...(input !== undefined && { input }),
        ...(key !== null && { key }),
      });
      writeDetails(io, run, json);
      return exitCodes.ok;
    });
  },
});
