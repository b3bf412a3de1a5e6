import { UnauthenticatedError } from '../platform/common.errors.js';
import type { AppContext, Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { visibilityOf } from '../user/user-visibility.js';
import type { TicketHolder } from './socket-ticket.js';

/**
 * The context of a user who is connected. Looked up anew whenever it is needed: connections live longer than requests.
 * @throws UnauthenticatedError for disabled users and suspended tenants.
 */
export async function socketContext(
  { users, tenants }: Pick<Repositories, 'users' | 'tenants'>,
  context: AppContext,
  { tenantId, userId, scopes }: TicketHolder,
): Promise<Context> {
  const tenant = await tenants.find(tenantId);
  const user = tenant?.status === 'active' ? await users.find(tenantId, userId) : null;
  if (user?.status !== 'active') throw new UnauthenticatedError();
  return {
    requestId: context.requestId,
    tenantId,
    userId,
    actor: 'user',
    scopes,
    visibility: visibilityOf(user.kind),
    logger: context.logger.child({ tenantId, userId }),
    ...(context.signal && { signal: context.signal }),
  };
}
