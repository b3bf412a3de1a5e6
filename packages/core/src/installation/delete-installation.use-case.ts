import type { JobParts } from '../job/job-parts.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { deleteInstallation } from './delete-installation.js';
import type { InstallationId } from './installation.js';
import { visibleInstallation } from './visible-installation.js';

/**
 * Deletes an installation: calls `onDelete`, then removes its runs, mappings, webhooks and dead letters. Its connections stay. A deletion
 * that is cut short goes on when it is called again, and by maintenance. Throws `INSTALLATION_NOT_FOUND`, `INSTALLATION_BUSY`.
 */
export class DeleteInstallation {
  constructor(private readonly parts: JobParts) {}

  async execute(
    context: Context,
    input: { readonly installationId: InstallationId },
  ): Promise<void> {
    requireScope(context, 'installations:write');
    const { installationId } = input;
    const installation = await visibleInstallation(this.parts.persistence, context, installationId);
    await deleteInstallation(this.parts, context, installation);
  }
}
