import { NotFoundError, UnauthenticatedError } from '../platform/common.errors.js';
import type { AppContext, Context } from '../platform/context.js';
import type { TenantRepository } from '../tenant/tenant-repository.port.js';
import type { UserRepository } from '../user/user-repository.port.js';
import { visibilityOf } from '../user/user-visibility.js';
import type { AppKeys } from './app-keys.js';

/** No stored id holds one, and databases refuse some of them. */
const CONTROL = /\p{Cc}/u;

/** Verifies the back end acting for one of its users, whom it names by its own id. */
export class AuthenticateAppUser {
  constructor(
    private readonly parts: {
      readonly appKeys: AppKeys;
      readonly users: UserRepository;
      readonly tenants: TenantRepository;
    },
  ) {}

  /** @throws UnauthenticatedError for the key, disabled users and suspended tenants; NotFoundError `USER_NOT_FOUND`. */
  async execute(
    context: AppContext,
    input: { readonly key: string; readonly appUserId: string },
  ): Promise<Context> {
    const appKeyId = this.parts.appKeys.verify(input.key);
    const user = CONTROL.test(input.appUserId)
      ? null
      : await this.parts.users.findByAppUserId(input.appUserId);
    if (!user) throw new NotFoundError('user', input.appUserId);
    const { tenantId, id: userId } = user;
    const tenant = await this.parts.tenants.find(tenantId);
    if (user.status !== 'active' || tenant?.status !== 'active') {
      throw new UnauthenticatedError(
        'This user is disabled, or its tenant is suspended or being deleted',
      );
    }
    return {
      ...context,
      tenantId,
      userId,
      actor: 'app',
      scopes: ['*'],
      visibility: visibilityOf(user.kind),
      logger: context.logger.child({ tenantId, userId, appKeyId }),
    };
  }
}
