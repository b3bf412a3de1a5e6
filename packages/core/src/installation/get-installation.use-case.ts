import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Installation, InstallationId } from './installation.js';
import { visibleInstallation } from './visible-installation.js';

/** Answers one installation. Throws `INSTALLATION_NOT_FOUND`. */
export class GetInstallation {
  constructor(
    private readonly parts: { readonly persistence: Pick<Repositories, 'installations'> },
  ) {}

  async execute(
    context: Context,
    input: { readonly installationId: InstallationId },
  ): Promise<Installation> {
    requireScope(context, 'installations:read');
    return visibleInstallation(this.parts.persistence, context, input.installationId);
  }
}
