import { NotFoundError } from '../platform/common.errors.js';
import type { AppContext, Context } from '../platform/context.js';
import { visibilityOf } from '../user/user-visibility.js';
import type { UserRepository } from '../user/user-repository.port.js';
import type { UserId } from '../user/user.js';
import type { TenantRepository } from './tenant-repository.port.js';
import { tenantDeleting } from './tenant.errors.js';
import type { TenantId } from './tenant.js';

/** Makes the context in which the product's back end works for one tenant, on its own or for one of its users. */
export class OpenTenantContext {
  constructor(
    private readonly parts: { readonly tenants: TenantRepository; readonly users: UserRepository },
  ) {}

  /** @throws NotFoundError `TENANT_NOT_FOUND`, `USER_NOT_FOUND`, TenonError `TENANT_DELETING`. */
  async execute(
    context: AppContext,
    input: { readonly tenantId: TenantId; readonly userId?: UserId },
  ): Promise<Context> {
    const { tenantId, userId = null } = input;
    const tenant = await this.parts.tenants.find(tenantId);
    if (!tenant) throw new NotFoundError('tenant', tenantId);
    if (tenant.status === 'deleting') throw tenantDeleting(tenantId);
    const user = userId === null ? null : await this.parts.users.find(tenantId, userId);
    if (userId !== null && !user) throw new NotFoundError('user', userId);
    return {
      ...context,
      tenantId,
      userId,
      scopes: ['*'],
      visibility: user ? visibilityOf(user.kind) : 'tenant',
      logger: context.logger.child({ tenantId, ...(userId !== null && { userId }) }),
    };
  }
}
