import type { InstallationId } from '../installation/installation.js';
import { requireScope, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { RunId } from '../run/run.js';
import type { DeadLetter, DeadLetterReason } from './dead-letter.js';

/** Lists the dead letters that the caller may see, newest first. Throws `VALIDATION_FAILED` for a page that is none. */
export class ListDeadLetters {
  constructor(
    private readonly parts: { readonly persistence: Pick<Repositories, 'deadLetters'> },
  ) {}

  async execute(
    context: Context,
    input: PageRequest & {
      readonly installationId?: InstallationId | undefined;
      readonly runId?: RunId | undefined;
      readonly reason?: DeadLetterReason | undefined;
    },
  ): Promise<Page<DeadLetter>> {
    requireScope(context, 'runs:read');
    const { installationId, runId, reason } = input;
    const userId = visibleUser(context);
    const filter = {
      ...(userId !== undefined && { userId }),
      ...(installationId !== undefined && { installationId }),
      ...(runId !== undefined && { runId }),
      ...(reason !== undefined && { reasons: [reason] }),
    };
    return this.parts.persistence.deadLetters.list(context.tenantId, filter, toPageQuery(input));
  }
}
