import { requireScope, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Installation, InstallationStatus } from './installation.js';

/** Lists the installations that the caller may see, newest first. Throws `VALIDATION_FAILED` for a page that is none. */
export class ListInstallations {
  constructor(
    private readonly parts: { readonly persistence: Pick<Repositories, 'installations'> },
  ) {}

  async execute(
    context: Context,
    input: PageRequest & {
      readonly integration?: string | undefined;
      readonly status?: InstallationStatus | undefined;
    },
  ): Promise<Page<Installation>> {
    requireScope(context, 'installations:read');
    const { integration, status } = input;
    const userId = visibleUser(context);
    const filter = {
      ...(userId !== undefined && { userId }),
      ...(integration !== undefined && { integration }),
      ...(status !== undefined && { status }),
    };
    return this.parts.persistence.installations.list(context.tenantId, filter, toPageQuery(input));
  }
}
