import type { Integration } from '../integration/integration.js';
import { runHook } from '../integration/run-hook.js';
import { validateConfig } from '../integration/validate-config.js';
import type { EffectBatch } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import { connectionsOf } from '../job/job-subject.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { commitHook } from './commit-hook.js';
import { withInstallationLease } from './installation-lease.js';
import { checkInstallationName } from './installation-name.js';
import { installationHookFailed, installationNotEnabled } from './installation.errors.js';
import type { Installation, InstallationId } from './installation.js';
import { visibleInstallation } from './visible-installation.js';

/** Input of `installations.update`. */
export interface UpdateInstallationInput {
  readonly installationId: InstallationId;
  readonly name?: string | undefined;
  readonly config?: unknown;
}

const NO_EFFECTS: EffectBatch = { jobs: [], runs: [], messages: [], run: { progress: {} } };

/**
 * Renames or reconfigures an installation. `onUpdate` sees the new configuration; when it throws, nothing is changed. The change and
 * everything that `onUpdate` asks for are kept together. Throws `INSTALLATION_NOT_FOUND`, `INTEGRATION_NOT_FOUND`,
 * `VALIDATION_FAILED`, `INSTALLATION_BUSY`, `INSTALLATION_NOT_ENABLED` (while it is created or deleted), `INSTALLATION_HOOK_FAILED`.
 */
export class UpdateInstallation {
  constructor(private readonly parts: JobParts) {}

  async execute(context: Context, input: UpdateInstallationInput): Promise<Installation> {
    requireScope(context, 'installations:write');
    checkInstallationName(input.name);
    const { persistence, registry } = this.parts;
    const seen = await visibleInstallation(persistence, context, input.installationId);
    const integration = registry.integration(seen.integration);
    const config =
      input.config === undefined ? undefined : await validateConfig(integration, input.config);
    const { id } = seen;
    return withInstallationLease(this.parts, { id, logger: context.logger }, async () => {
      const current = await visibleInstallation(persistence, context, id);
      if (current.status !== 'enabled' && current.status !== 'disabled') {
        throw installationNotEnabled(current, 'create or delete it to the end first');
      }
      const next = { ...current, name: input.name ?? current.name };
      if (config === undefined) return this.#commit(context, next, NO_EFFECTS);
      const { version: integrationVersion } = integration;
      const configured = { ...next, config, integrationVersion };
      const batch = await this.#callHook(context, integration, { current, configured });
      return this.#commit(context, configured, batch);
    });
  }

  async #callHook(
    context: Context,
    integration: Integration,
    change: { readonly current: Installation; readonly configured: Installation },
  ): Promise<EffectBatch> {
    if (!integration.onUpdate) return NO_EFFECTS;
    const { current, configured: installation } = change;
    const connections = await connectionsOf(this.parts, installation);
    const previousConfig: unknown = current.config;
    try {
      const { batch } = await runHook(this.parts, context, {
        ...{ installation, integration, connections },
        call: (hookContext) => integration.onUpdate?.({ ...hookContext, previousConfig }),
      });
      return batch;
    } catch (error) {
      const { id: installationId } = installation;
      context.logger.error('onUpdate failed', { installationId, error });
      throw installationHookFailed(installation, 'onUpdate', error);
    }
  }

  async #commit(
    context: Context,
    { tenantId, id, name, config, integrationVersion }: Installation,
    batch: EffectBatch,
  ): Promise<Installation> {
    const updatedAt = this.parts.platform.clock.now();
    const updated = await commitHook(
      this.parts,
      { tenantId, id },
      {
        batch,
        change: (row) => ({ ...row, name, config, integrationVersion, updatedAt }),
        logger: context.logger,
      },
    );
    const data = { installationId: id, integration: updated.integration };
    this.parts.events.publish(tenantId, 'installation.updated', data);
    return updated;
  }
}
