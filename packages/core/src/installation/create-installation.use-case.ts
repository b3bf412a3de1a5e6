import type { CreateInstallationInput } from '../app/command-inputs.js';
import { runHook } from '../integration/run-hook.js';
import type { Integration } from '../integration/integration.js';
import { validateConfig } from '../integration/validate-config.js';
import type { EffectBatch } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import { publicError } from '../job/public-error.js';
import { NotFoundError, ValidationError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { hasCode } from '../platform/tenon.error.js';
import { bindConnections, connectionGone } from './bind-connections.js';
import type { Binding } from './bind-connections.js';
import { changeInstallation } from './change-installation.js';
import { commitHook } from './commit-hook.js';
import { findInstalled } from './find-installed.js';
import { withInstallationLease } from './installation-lease.js';
import { checkInstallationName } from './installation-name.js';
import {
  installationBusy,
  installationExists,
  installationHookFailed,
} from './installation.errors.js';
import { connectionsKey, withMessage } from './installation.js';
import type { Installation } from './installation.js';
import { visibleInstallation } from './visible-installation.js';

const NO_EFFECTS: EffectBatch = { jobs: [], runs: [], messages: [], run: { progress: {} } };

/** Nobody deletes the connections or the owner before the installation is there to be seen. @throws ValidationError, NotFoundError. */
async function insertHolding(
  { users, connections, installations }: Repositories,
  installation: Installation,
): Promise<void> {
  const { tenantId, userId } = installation;
  const slots = Object.entries(installation.connections);
  const held = await connections.hold(tenantId, [...new Set(slots.map(([, id]) => id))]);
  const gone = slots.filter(([, id]) => !held.includes(id));
  if (gone.length > 0) throw new ValidationError('The installation', gone.map(connectionGone));
  if (!(await users.hold(tenantId, userId))) throw new NotFoundError('user', userId);
  await installations.insert(installation);
}

/** A checked wish. */
interface Wish {
  readonly integration: Integration;
  readonly binding: Binding;
  readonly installation: Installation;
}

/**
 * Installs an integration on connections. Everything is checked before anything is written; then `onCreate` runs, and the installation
 * is enabled together with everything that `onCreate` asked for.
 *
 * Calling it again with the same connections picks up an installation whose `onCreate` failed or was cut short, so `onCreate` may
 * run more than once for one installation. Of two calls at the same time one wins.
 *
 * Throws `INTEGRATION_NOT_FOUND`, `VALIDATION_FAILED`, `INSTALLATION_EXISTS`, `INSTALLATION_BUSY`, `INSTALLATION_HOOK_FAILED`
 * (its `details.installationId` names the installation, which is in state `error`).
 */
export class CreateInstallation {
  constructor(private readonly parts: JobParts) {}

  async execute(context: Context, input: CreateInstallationInput): Promise<Installation> {
    requireScope(context, 'installations:write');
    const wish = await this.#check(context, input);
    const { id } = await this.#insertOrFind(wish);
    return withInstallationLease(this.parts, { id, logger: context.logger }, async () => {
      const installation = await this.#begin(context, {
        ...wish,
        installation: { ...wish.installation, id },
      });
      return this.#create(context, { ...wish, installation });
    });
  }

  async #check(context: Context, input: CreateInstallationInput): Promise<Wish> {
    const { persistence, platform, registry } = this.parts;
    const integration = registry.integration(input.integration);
    checkInstallationName(input.name);
    const given = input.connections;
    const binding = await bindConnections(persistence, context, { integration, given });
    const config = await validateConfig(integration, input.config);
    const at = platform.clock.now();
    const [first] = binding.bySlot.values();
    const userId = context.userId ?? first?.userId;
    // Integrations have at least one slot, and each slot has a connection here.
    if (userId === undefined) throw new TypeError(`No connections for '${integration.name}'`);
    const installation: Installation = {
      id: platform.ids.next(),
      tenantId: context.tenantId,
      userId,
      integration: integration.name,
      integrationVersion: integration.version,
      name: input.name ?? integration.display.label,
      status: 'creating',
      config,
      connections: binding.ids,
      connectionsKey: connectionsKey(binding.ids),
      messages: [],
      createdAt: at,
      updatedAt: at,
      version: 1,
    };
    return { integration, binding, installation };
  }

  /** @throws TenonError `INSTALLATION_EXISTS` for one that can be used, or is being deleted. */
  async #insertOrFind({ installation }: Wish): Promise<Installation> {
    const { installations } = this.parts.persistence;
    try {
      await this.parts.persistence.transaction((repositories) =>
        insertHolding(repositories, installation),
      );
      return installation;
    } catch (error) {
      if (!hasCode(error, 'UNIQUE_CONFLICT')) throw error;
      const installed = await findInstalled(installations, installation);
      // Deleted since: the caller may simply call again.
      if (!installed || installed.status === 'deleting')
        throw installationBusy(installed?.id ?? installation.id);
      if (installed.status === 'creating' || installed.status === 'error') return installed;
      throw installationExists(installed);
    }
  }

  /** Under the lease: another call may have finished it since. */
  async #begin(context: Context, { installation: wished }: Wish): Promise<Installation> {
    const { persistence } = this.parts;
    const current = await visibleInstallation(persistence, context, wished.id);
    if (current.status !== 'creating' && current.status !== 'error') {
      throw installationExists(current);
    }
    const { integrationVersion, name, config, updatedAt } = wished;
    const status = 'creating' as const;
    return retryConflicts(() =>
      changeInstallation(persistence, current, (row) => ({
        ...row,
        ...{ status, integrationVersion, name, config, updatedAt },
      })),
    );
  }

  async #create(context: Context, wish: Wish): Promise<Installation> {
    const { integration, installation, binding } = wish;
    let batch = NO_EFFECTS;
    try {
      const call = integration.onCreate?.bind(integration);
      const connections = binding.bySlot;
      if (call) {
        ({ batch } = await runHook(this.parts, context, {
          installation,
          integration,
          connections,
          call,
        }));
      }
    } catch (error) {
      throw await this.#failed(context, installation, error);
    }
    const updatedAt = this.parts.platform.clock.now();
    const created = await commitHook(this.parts, installation, {
      batch,
      change: (row) => ({ ...row, status: 'enabled', updatedAt }),
      logger: context.logger,
    });
    const data = { installationId: created.id, integration: integration.name };
    this.parts.events.publish(created.tenantId, 'installation.created', data);
    return created;
  }

  async #failed(context: Context, installation: Installation, error: unknown): Promise<Error> {
    const { id: installationId, integration } = installation;
    context.logger.error('onCreate failed', { installationId, integration, error });
    const at = this.parts.platform.clock.now();
    const { message: text } = publicError(error);
    const message = { level: 'error', code: 'ON_CREATE_FAILED', text, at } as const;
    await retryConflicts(() =>
      changeInstallation(this.parts.persistence, installation, (row) => ({
        ...row,
        status: 'error',
        messages: withMessage(row.messages, message),
        updatedAt: at,
      })),
    );
    return installationHookFailed(installation, 'onCreate', error);
  }
}
