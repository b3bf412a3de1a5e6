import type { Installation } from '../installation/installation.js';
import type { Integration } from '../integration/integration.js';
import { addToOutbox, sendCommitted } from '../job/dispatch-jobs.js';
import type { JobParts } from '../job/job-parts.js';
import { newJob } from '../job/new-job.js';
import type { Context } from '../platform/context.js';
import { hasCode } from '../platform/tenon.error.js';
import { announceStarted } from './announce-run.js';
import { checkRunKey, newRun } from './new-run.js';
import type { Run, RunId } from './run.js';

/** A run to begin. */
export interface RunWish {
  readonly installation: Installation;
  readonly integration: Integration;
  readonly job: string;
  readonly input: unknown;
  /** A second run of the installation with this key is not begun. */
  readonly key: string | undefined;
}

/**
 * Begins a run with its first job, or finds the one that has the key already.
 * @throws ValidationError `JOB_NOT_DECLARED` or for the input, TenonError `JOB_MESSAGE_TOO_LARGE`.
 */
export async function beginRun(
  parts: JobParts,
  caller: Pick<Context, 'requestId' | 'logger'>,
  wish: RunWish,
): Promise<{ readonly run: Run; readonly begun: boolean }> {
  const { installation, integration, job: name, input, key } = wish;
  checkRunKey(key);
  const { tenantId, id: installationId } = installation;
  const { persistence, platform } = parts;
  const runId = platform.ids.next<RunId>();
  const { requestId } = caller;
  const origin = { tenantId, installationId, runId, requestId, integration };
  const job = await newJob(parts, origin, { name, input });
  const rest = { parentId: null, key: key ?? null, clock: platform.clock };
  const run = newRun(runId, job.message, rest);
  try {
    await persistence.transaction(async (repositories) => {
      await repositories.runs.insert(run);
      await addToOutbox(repositories, [job], parts);
    });
  } catch (error) {
    if (key === undefined || !hasCode(error, 'UNIQUE_CONFLICT')) throw error;
    const known = await persistence.runs.findByKey(tenantId, installationId, key);
    if (known) return { run: known, begun: false };
    throw error;
  }
  announceStarted(parts.events, [run]);
  await sendCommitted(parts, [job], caller.logger);
  return { run, begun: true };
}
