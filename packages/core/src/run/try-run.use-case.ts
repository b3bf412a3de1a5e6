import { installationNotEnabled } from '../installation/installation.errors.js';
import { visibleInstallation } from '../installation/visible-installation.js';
import type { JobParts } from '../job/job-parts.js';
import { newJob } from '../job/new-job.js';
import { tryJob } from '../job/try-job.js';
import type { TriedJob, TryRunInput } from '../job/tried-job.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { announceStarted } from './announce-run.js';
import { newRun } from './new-run.js';
import type { RunId } from './run.js';

/**
 * Starts a run whose first job is tried once, in this process, by whoever asks: no queue carries it. Throws
 * `INSTALLATION_NOT_FOUND`, `INSTALLATION_NOT_ENABLED`, `JOB_NOT_DECLARED`, `VALIDATION_FAILED`, `JOB_LEASE_LOST`.
 */
export class TryRun {
  constructor(private readonly parts: JobParts) {}

  async execute(context: Context, wish: TryRunInput): Promise<TriedJob> {
    requireScope(context, 'runs:write');
    const { persistence, registry, platform } = this.parts;
    const installation = await visibleInstallation(persistence, context, wish.installationId);
    if (installation.status !== 'enabled') {
      throw installationNotEnabled(installation, 'enable it to try its jobs');
    }
    const integration = registry.integration(installation.integration);
    const { tenantId, id: installationId } = installation;
    const runId = platform.ids.next<RunId>();
    const origin = { tenantId, installationId, runId, requestId: context.requestId, integration };
    const { message, queue } = await newJob(this.parts, origin, {
      name: wish.job,
      input: wish.input,
    });
    const run = newRun(runId, message, { parentId: null, key: null, clock: platform.clock });
    await persistence.runs.insert(run);
    announceStarted(this.parts.events, [run]);
    return tryJob(this.parts, context, { message, queue, signal: wish.signal });
  }
}
