import { requireScope, type Context } from '../platform/context.js';
import { toPageQuery, type Page, type PageRequest } from '../platform/page.js';
import type { UserRepository } from './user-repository.port.js';
import { toUserView, type UserView } from './user-view.js';

/** Lists the users that the caller sees: all of the tenant, or itself. */
export class ListUsers {
  constructor(private readonly parts: { readonly users: UserRepository }) {}

  /** Needs `users:read`. @throws ValidationError for a wrong limit or cursor. */
  async execute(
    context: Context,
    input: PageRequest & { readonly kind?: UserView['kind'] | undefined },
  ): Promise<Page<UserView>> {
    requireScope(context, 'users:read');
    const query = toPageQuery(input);
    if (context.visibility === 'own') return this.#self(context, input.kind);
    const filter = input.kind === undefined ? {} : { kind: input.kind };
    const page = await this.parts.users.list(context.tenantId, filter, query);
    return { items: page.items.map(toUserView), nextCursor: page.nextCursor };
  }

  async #self(context: Context, kind: UserView['kind'] | undefined): Promise<Page<UserView>> {
    const { userId, tenantId } = context;
    const user = userId === null ? null : await this.parts.users.find(tenantId, userId);
    const shown = user && (kind === undefined || user.kind === kind) ? [toUserView(user)] : [];
    return { items: shown, nextCursor: null };
  }
}
