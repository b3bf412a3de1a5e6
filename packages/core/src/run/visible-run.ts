import { NotFoundError } from '../platform/common.errors.js';
import { mayAccess } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Run, RunId } from './run.js';

/** @throws NotFoundError `RUN_NOT_FOUND`, the same for runs that are not there and those of others. */
export async function visibleRun(
  repositories: Pick<Repositories, 'runs' | 'installations'>,
  context: Context,
  id: RunId,
): Promise<Run> {
  const { tenantId } = context;
  const run = await repositories.runs.find(tenantId, id);
  if (run && context.visibility === 'tenant') return run;
  const installation = run && (await repositories.installations.find(tenantId, run.installationId));
  if (run && installation && mayAccess(context, installation.userId)) return run;
  throw new NotFoundError('run', id);
}
