import type { CreateUserInput } from '../app/command-inputs.js';
import type { EventBus } from '../event/event-bus.js';
import type { Clock } from '../platform/clock.port.js';
import { ForbiddenError, NotFoundError } from '../platform/common.errors.js';
import { requireScope, type Context } from '../platform/context.js';
import type { Crypto, ScryptParameters } from '../platform/crypto.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import { checkNewUser } from './new-user.js';
import { hashPassword, PASSWORD_PARAMETERS } from './password.js';
import { toUserView, type UserView } from './user-view.js';
import type { User, UserId } from './user.js';

/** Adds a user to the caller's tenant. */
export class CreateUser {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Persistence, 'users' | 'transaction'>;
      readonly clock: Clock;
      readonly ids: IdGenerator;
      readonly crypto: Crypto;
      readonly events: EventBus;
      readonly passwordParameters?: ScryptParameters;
    },
  ) {}

  /**
   * Needs `users:write` (with a password `*`) and sight of the whole tenant; `appUserId` is the back end's to give.
   * @throws ValidationError, ForbiddenError, UniqueConflictError, NotFoundError `USER_NOT_FOUND` for the organisation.
   */
  async execute(context: Context, input: CreateUserInput): Promise<UserView> {
    requireScope(context, 'users:write');
    // Whoever knows a password can log in, and a log-in grants everything.
    if (input.password !== undefined) requireScope(context, '*');
    if (context.visibility !== 'tenant') {
      throw new ForbiddenError('Only organisation users and the back end create users');
    }
    // They are unique across tenants: a tenant that could choose them could take those of another.
    if (input.appUserId !== undefined && context.actor === 'user') {
      throw new ForbiddenError('appUserId can be set by the back end alone');
    }
    const { password, organizationId, ...fields } = checkNewUser(input);
    if (organizationId) await this.#requireOrganization(context, organizationId);
    const parameters = this.parts.passwordParameters ?? PASSWORD_PARAMETERS;
    const passwordHash =
      password === null ? null : await hashPassword(this.parts.crypto, password, parameters);
    const now = this.parts.clock.now();
    const user: User = {
      ...fields,
      id: this.parts.ids.next(),
      tenantId: context.tenantId,
      passwordHash,
      status: 'active',
      failedLogins: 0,
      lockedUntil: null,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    await this.#insert(user, organizationId);
    this.parts.events.publish(context.tenantId, 'user.created', { userId: user.id });
    return toUserView(user);
  }

  /** With its membership, or not at all. An organisation that is deleted meanwhile gets no new member. */
  async #insert(user: User, organizationId: UserId | null): Promise<void> {
    const { persistence, ids } = this.parts;
    const { id: userId, tenantId, createdAt, updatedAt } = user;
    if (organizationId === null) return persistence.users.insert(user);
    await persistence.transaction(async ({ users, memberships }) => {
      const held = await users.hold(tenantId, organizationId);
      if (!held) throw new NotFoundError('user', organizationId);
      await users.insert(user);
      await memberships.insert({
        ...{ id: ids.next(), tenantId, organizationId, userId, role: 'member' },
        ...{ createdAt, updatedAt, version: 1 },
      });
    });
  }

  async #requireOrganization(context: Context, id: UserId): Promise<void> {
    const found = await this.parts.persistence.users.find(context.tenantId, id);
    if (found?.kind !== 'organization') throw new NotFoundError('user', id);
  }
}
