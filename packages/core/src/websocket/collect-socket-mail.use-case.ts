import type { AppContext } from '../platform/context.js';
import type { TenantId } from '../tenant/tenant.js';
import type { SocketMail, SocketMailbox } from './socket-mailbox.js';

/** Takes the messages that other processes left for the connections of this one. */
export class CollectSocketMail {
  constructor(private readonly parts: { readonly mailbox: SocketMailbox }) {}

  execute(
    _context: AppContext,
    input: { readonly endpoint: string; readonly tenantIds: readonly TenantId[] },
  ): Promise<readonly SocketMail[]> {
    return this.parts.mailbox.collect(input.endpoint, input.tenantIds);
  }
}
