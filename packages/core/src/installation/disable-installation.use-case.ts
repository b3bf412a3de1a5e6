import type { JobParts } from '../job/job-parts.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Installation, InstallationId } from './installation.js';
import { switchInstallation } from './switch-installation.js';

/**
 * Disables an installation: its schedules stop, jobs and webhooks that come are kept until it is enabled; jobs at work end.
 * Throws `INSTALLATION_NOT_FOUND`, `INSTALLATION_NOT_ENABLED` while it is created or deleted.
 */
export class DisableInstallation {
  constructor(private readonly parts: Pick<JobParts, 'persistence' | 'platform' | 'events'>) {}

  async execute(
    context: Context,
    input: { readonly installationId: InstallationId },
  ): Promise<Installation> {
    requireScope(context, 'installations:write');
    const wish = { id: input.installationId, status: 'disabled' } as const;
    return switchInstallation(this.parts, context, wish);
  }
}
