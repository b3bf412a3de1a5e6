import {
  toPage,
  type Page,
  type PageQuery,
  type TenantId,
  type Token,
  type TokenId,
  type TokenRepository,
  type TokenWithOwner,
  type UserId,
} from '@tenon/core';
import type { StoredDocument } from './document.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

/** A token with what it needs of its user and tenant, in one statement. */
const WITH_OWNER = [
  { $lookup: { from: 'users', localField: 'userId', foreignField: '_id', as: 'owners' } },
  { $lookup: { from: 'tenants', localField: 'tenantId', foreignField: '_id', as: 'ownerTenants' } },
];

type Owned = StoredDocument & {
  readonly owners: readonly { readonly kind: string; readonly status: string }[];
  readonly ownerTenants: readonly { readonly status: string }[];
};

export class MongodbTokenRepository implements TokenRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'tokens');
  }

  async insert(token: Token): Promise<void> {
    await this.#rows.of(token.tenantId).insert(token);
  }

  async findWithOwner(id: TokenId): Promise<TokenWithOwner | null> {
    if (!areIds(id)) return null;
    const [found] = await this.#rows.acrossTenants().aggregate<Owned>({ id }, WITH_OWNER);
    const user = found?.owners[0];
    const tenant = found?.ownerTenants[0];
    if (!found || !user || !tenant) return null;
    return {
      token: this.#rows.codec.row(found),
      userKind: user.kind,
      userStatus: user.status,
      tenantStatus: tenant.status,
    } as unknown as TokenWithOwner;
  }

  async list(
    tenantId: TenantId,
    userId: UserId | undefined,
    page: PageQuery,
  ): Promise<Page<Token>> {
    if (!areIds(tenantId, userId)) return toPage<Token>([], page.limit);
    const { filter, ...order } = pageOf({ userId }, page);
    const rows = await this.#rows.of(tenantId).find(filter, order);
    return toPage(rows as unknown as Token[], page.limit);
  }

  async revoke(
    tenantId: TenantId,
    id: TokenId,
    change: { readonly at: Date; readonly ownerId?: UserId | undefined },
  ): Promise<boolean> {
    const { at: revokedAt, ownerId: userId } = change;
    if (!areIds(tenantId, id, userId)) return false;
    const tokens = this.#rows.of(tenantId);
    if (await tokens.update({ id, userId, revokedAt: null }, { set: { revokedAt } })) return true;
    // A second call keeps the first time.
    return (await tokens.findIds({ id, userId })).length > 0;
  }

  async revokeAllOf(tenantId: TenantId, userId: UserId, at: Date): Promise<number> {
    if (!areIds(tenantId, userId)) return 0;
    const change = { set: { revokedAt: at } };
    return this.#rows.of(tenantId).updateMany({ userId, revokedAt: null }, change);
  }

  async touch(id: TokenId, at: Date): Promise<void> {
    if (areIds(id)) await this.#rows.acrossTenants().update({ id }, { raise: { lastUsedAt: at } });
  }
}
