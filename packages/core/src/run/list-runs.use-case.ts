import type { InstallationId } from '../installation/installation.js';
import { requireScope, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Run, RunState } from './run.js';

/** Lists the runs that the caller may see, newest first. Throws `VALIDATION_FAILED` for a page that is none. */
export class ListRuns {
  constructor(private readonly parts: { readonly persistence: Pick<Repositories, 'runs'> }) {}

  async execute(
    context: Context,
    input: PageRequest & {
      readonly installationId?: InstallationId | undefined;
      readonly state?: RunState | undefined;
    },
  ): Promise<Page<Run>> {
    requireScope(context, 'runs:read');
    const { installationId, state } = input;
    const userId = visibleUser(context);
    const filter = {
      ...(userId !== undefined && { userId }),
      ...(installationId !== undefined && { installationId }),
      ...(state !== undefined && { state }),
    };
    return this.parts.persistence.runs.list(context.tenantId, filter, toPageQuery(input));
  }
}
