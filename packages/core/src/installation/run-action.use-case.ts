import type { Integration } from '../integration/integration.js';
import { runHook } from '../integration/run-hook.js';
import { sendCommitted } from '../job/dispatch-jobs.js';
import { writeEffects } from '../job/effects.js';
import type { EffectBatch } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import { connectionsOf } from '../job/job-subject.js';
import { NotFoundError, ValidationError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { JsonValue } from '../platform/json.js';
import type { StandardSchemaV1 } from '../platform/standard-schema.js';
import { toJsonValue } from '../platform/to-json.js';
import { validateWith } from '../platform/validate.js';
import { announceStarted } from '../run/announce-run.js';
import { installationNotEnabled } from './installation.errors.js';
import type { Installation, InstallationId } from './installation.js';
import { visibleInstallation } from './visible-installation.js';

type AnyAction = NonNullable<Integration['actions']>[string];

/** @throws NotFoundError `ACTION_NOT_FOUND`; names that objects inherit are no actions. */
function declaredAction(integration: Integration, name: string): AnyAction {
  const actions = integration.actions ?? {};
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new NotFoundError('action', name);
  return action;
}

async function checkedInput(action: AnyAction, name: string, input: unknown): Promise<unknown> {
  const what = `The input of the action '${name}'`;
  const schema = action.input as StandardSchemaV1 | undefined;
  if (schema) return validateWith(schema, input, what);
  if (input === undefined || input === null) return undefined;
  throw new ValidationError(what, [{ path: 'input', message: 'this action takes none' }]);
}

/**
 * Runs an action that the integration declares, and commits what it asks for. Throws `INSTALLATION_NOT_FOUND`, `ACTION_NOT_FOUND`,
 * `VALIDATION_FAILED` (also when its answer is no JSON), `INSTALLATION_NOT_ENABLED`, and what the action throws.
 */
export class RunAction {
  constructor(private readonly parts: JobParts) {}

  async execute(
    context: Context,
    input: {
      readonly installationId: InstallationId;
      readonly action: string;
      readonly input?: unknown;
    },
  ): Promise<JsonValue> {
    requireScope(context, 'installations:write');
    const { persistence, registry } = this.parts;
    const installation = await visibleInstallation(persistence, context, input.installationId);
    const integration = registry.integration(installation.integration);
    const action = declaredAction(integration, input.action);
    const checked = await checkedInput(action, input.action, input.input);
    if (installation.status !== 'enabled') {
      throw installationNotEnabled(installation, 'enable it to run actions');
    }
    const connections = await connectionsOf(this.parts, installation);
    const { result, batch } = await runHook(this.parts, context, {
      ...{ installation, integration, connections },
      call: (hookContext) => action.run({ ...hookContext, input: checked }),
    });
    const answer = toJsonValue(result ?? null, `The answer of the action '${input.action}'`);
    await this.#commit(context, installation, batch);
    return answer;
  }

  async #commit(
    context: Context,
    { tenantId, id: installationId }: Installation,
    batch: EffectBatch,
  ): Promise<void> {
    const { parts } = this;
    await parts.persistence.transaction((repositories) =>
      writeEffects(repositories, batch, { tenantId, installationId, parts }),
    );
    announceStarted(parts.events, batch.runs);
    await sendCommitted(parts, batch.jobs, context.logger);
  }
}
