import type { JobParts } from '../job/job-parts.js';
import { redriveMatching } from '../job/redrive-jobs.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Installation, InstallationId } from './installation.js';
import { switchInstallation } from './switch-installation.js';

const REASONS = ['installation_disabled', 'needs_reauthorization'] as const;

/**
 * Enables an installation and puts its parked jobs on their way; also those of an installation that is enabled already, so it can
 * be called again at any time. Throws `INSTALLATION_NOT_FOUND`, `INSTALLATION_NOT_ENABLED` while it is created or deleted.
 */
export class EnableInstallation {
  constructor(private readonly parts: JobParts) {}

  async execute(
    context: Context,
    input: { readonly installationId: InstallationId },
  ): Promise<Installation> {
    requireScope(context, 'installations:write');
    const { tenantId, logger } = context;
    const { installationId } = input;
    const wish = { id: installationId, status: 'enabled' } as const;
    const installation = await switchInstallation(this.parts, context, wish);
    const filter = { installationId, reasons: REASONS };
    const count = await redriveMatching(this.parts, { tenantId, filter }, logger);
    if (count > 0) logger.info('Parked jobs go on', { installationId, count });
    return installation;
  }
}
