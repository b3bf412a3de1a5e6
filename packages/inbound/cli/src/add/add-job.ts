import { UsageError } from '../cli.errors.js';
import { nearestName } from '@tenon/core';
import { requireNoFile } from './add-connector.js';
import { addEntry, addEntryTest, entriesOf } from './add-handler.js';
import type { NewHandler } from './add-handler.js';
import { addTest } from './add-test.js';
import { chooseIntegration } from './choose-integration.js';
import type { Definition } from './definitions.js';
import { fromTemplate } from './templates.js';
import type { Workspace } from './workspace.js';

function jobCode(queue: string | null): string {
  return `{${queue === null ? '' : `\n  queue: '${queue}',`}
  run: async (ctx) => {
    // What the job does comes here: ctx.connections has the clients, ctx.mappings what is known.
    ctx.run?.addProgress({ processed: 1, succeeded: 1 });
  },
}`;
}

function addJobTo(
  workspace: Workspace,
  definition: Definition,
  { name, queue }: { readonly name: string; readonly queue: string | null },
): void {
  const entry = { section: 'jobs', name, code: jobCode(queue), expected: { queue } } as const;
  if (addEntry(workspace, definition, entry)) {
    addEntryTest(workspace, definition, { template: 'job', name });
  }
}

/** A function that works on a queue, where the app has functions. */
function addFunction(workspace: Workspace, queue: string): void {
  const { source } = workspace;
  if (!workspace.has(`${source}handlers/load.ts`)) return;
  const path = `${source}workers/${queue}.ts`;
  const text = fromTemplate('src/workers/worker.ts', { name: queue });
  if (workspace.has(path)) {
    const known = workspace.open(path).text;
    if (!new RegExp(`['"\`]${queue}['"\`]`).test(known)) {
      requireNoFile(workspace, path, `worker of the queue '${queue}'`);
    }
    workspace.found.push(path);
  } else workspace.create(path, text);
}

/** A job of an integration, and the worker of its queue. */
export function addJob(
  workspace: Workspace,
  { name, integration, queue }: NewHandler & { readonly queue: string | null },
): void {
  addJobTo(workspace, chooseIntegration(workspace, integration), { name, queue });
  if (queue !== null && queue !== 'default') addFunction(workspace, queue);
}

/** A queue of its own with a job on it, and the function that works on it. */
export function addWorker(workspace: Workspace, { name, integration }: NewHandler): void {
  addJobTo(workspace, chooseIntegration(workspace, integration), { name, queue: name });
  addFunction(workspace, name);
  addTest(workspace, {
    path: `test/${name}.worker.test.ts`,
    template: 'test/worker.test.ts',
    names: { name },
  });
  workspace.notes.push(
    `In production the queue wants an address: TENON_QUEUE_URLS=…,${name}=https://…`,
  );
}

/** When a schedule starts which job. */
export interface NewSchedule extends NewHandler {
  readonly cron: string | null;
  /** A job that is there; null for one of the schedule's name. */
  readonly job: string | null;
}

const EVERY_MORNING = '0 6 * * *';

/** A schedule of an integration; with the job of its name when none is given. */
export function addSchedule(workspace: Workspace, schedule: NewSchedule): void {
  const { name, integration, cron } = schedule;
  const definition = chooseIntegration(workspace, integration);
  const jobs = entriesOf(definition, 'jobs');
  const job = schedule.job ?? name;
  if (schedule.job !== null && !jobs.includes(job)) {
    const nearest = nearestName(job, jobs);
    const hint = nearest ? `did you mean '${nearest}'?` : `jobs: ${jobs.join(', ') || 'none'}`;
    throw new UsageError(`The integration has no job '${job.slice(0, 100)}'; ${hint}`);
  }
  const code = `{ cron: '${cron ?? EVERY_MORNING}', job: '${job}' }`;
  const expected = { cron, job: schedule.job };
  const added = addEntry(workspace, definition, { section: 'schedules', name, code, expected });
  if (!added) return;
  const again = chooseIntegration(workspace, integration);
  if (!jobs.includes(job)) addJobTo(workspace, again, { name: job, queue: null });
  addEntryTest(workspace, again, { template: 'schedule', name });
}
