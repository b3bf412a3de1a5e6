import type { JobParts } from '../job/job-parts.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { beginRun } from '../run/begin-run.js';
import type { Run } from '../run/run.js';
import { installationNotEnabled } from './installation.errors.js';
import type { InstallationId } from './installation.js';
import { visibleInstallation } from './visible-installation.js';

/**
 * Starts a run of a declared job; with a key that a run of the installation has already, answers that run. Throws
 * `INSTALLATION_NOT_FOUND`, `INSTALLATION_NOT_ENABLED`, `JOB_NOT_DECLARED`, `VALIDATION_FAILED`.
 */
export class StartRun {
  constructor(private readonly parts: JobParts) {}

  async execute(
    context: Context,
    input: {
      readonly installationId: InstallationId;
      readonly job: string;
      readonly input?: unknown;
      readonly key?: string | undefined;
    },
  ): Promise<Run> {
    requireScope(context, 'runs:write');
    const { persistence, registry } = this.parts;
    const installation = await visibleInstallation(persistence, context, input.installationId);
    if (installation.status !== 'enabled') {
      throw installationNotEnabled(installation, 'enable it to start runs');
    }
    const integration = registry.integration(installation.integration);
    const { job, key } = input;
    const wish = { installation, integration, job, input: input.input, key };
    return (await beginRun(this.parts, context, wish)).run;
  }
}
