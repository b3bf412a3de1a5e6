import { requireScope, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Connection, ConnectionState } from './connection.js';

/** Lists the connections that the caller may see, newest first. Throws `VALIDATION_FAILED` for a page that is none. */
export class ListConnections {
  constructor(
    private readonly parts: { readonly persistence: Pick<Repositories, 'connections'> },
  ) {}

  async execute(
    context: Context,
    input: PageRequest & {
      readonly connector?: string | undefined;
      readonly state?: ConnectionState | undefined;
    },
  ): Promise<Page<Connection>> {
    requireScope(context, 'connections:read');
    const { connector, state } = input;
    const userId = visibleUser(context);
    const filter = {
      ...(userId !== undefined && { userId }),
      ...(connector !== undefined && { connector }),
      ...(state !== undefined && { state }),
    };
    return this.parts.persistence.connections.list(context.tenantId, filter, toPageQuery(input));
  }
}
