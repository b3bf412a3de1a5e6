import type { Effects } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import type { JobId } from '../job/job.js';
import { newJob } from '../job/new-job.js';
import type { JobOrigin } from '../job/new-job.js';
import { checkRunKey, newRun } from '../run/new-run.js';
import type { RunId } from '../run/run.js';
import type {
  EnqueueOptions,
  JobsHandle,
  SchemaMap,
  StartRunOptions,
} from './integration-context.js';
import type { Integration } from './integration.js';

interface Origin extends JobOrigin {
  readonly integration: Integration;
}

async function enqueue(
  tools: { readonly parts: JobParts; readonly effects: Effects; readonly origin: Origin },
  name: string,
  job: { readonly input: unknown; readonly options: EnqueueOptions },
): Promise<JobId> {
  const { parts, effects, origin } = tools;
  effects.assertOpen('jobs.enqueue');
  const same = job.options.key === undefined ? undefined : effects.jobWithKey(job.options.key);
  if (same) return same.message.id;
  const outgoing = await newJob(parts, origin, { name, ...job });
  effects.assertOpen('jobs.enqueue');
  effects.addJob(outgoing);
  return outgoing.message.id;
}

async function start(
  tools: { readonly parts: JobParts; readonly effects: Effects; readonly origin: Origin },
  name: string,
  job: { readonly input: unknown; readonly options: StartRunOptions },
): Promise<RunId> {
  const { parts, effects, origin } = tools;
  effects.assertOpen('jobs.start');
  const { runKey, ...options } = job.options;
  checkRunKey(runKey);
  const runId = parts.platform.ids.next<RunId>();
  const outgoing = await newJob(parts, { ...origin, runId }, { name, input: job.input, options });
  if (runKey !== undefined) {
    const { runs } = parts.persistence;
    const known = await runs.findByKey(origin.tenantId, origin.installationId, runKey);
    // A run that two handlers start at the same moment fails the later commit, and its job finds it here when it is tried again.
    const same = known ?? effects.runWithKey(runKey);
    if (same) return same.id;
  }
  effects.assertOpen('jobs.start');
  const rest = { parentId: origin.runId, key: runKey ?? null, clock: parts.platform.clock };
  effects.addRun(newRun(runId, outgoing.message, rest));
  effects.addJob(outgoing);
  return runId;
}

/** Enqueues jobs and starts runs by collecting them. A child run's parent does not wait for it. */
export function jobsHandle(
  parts: JobParts,
  effects: Effects,
  origin: Origin,
): JobsHandle<SchemaMap> {
  const tools = { parts, effects, origin };
  const handle = {
    enqueue: (name: string, input?: unknown, options: EnqueueOptions = {}) =>
      enqueue(tools, name, { input, options }),
    start: (name: string, input?: unknown, options: StartRunOptions = {}) =>
      start(tools, name, { input, options }),
  };
  return handle as JobsHandle<SchemaMap>;
}
