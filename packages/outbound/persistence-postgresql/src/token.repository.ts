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
import { columns } from './columns.js';
import type { Token as TokenRow } from './generated/client.js';
import { pageArguments } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

const ROW = columns<TokenRow>('tokens', [
  'id',
  'tenantId',
  'userId',
  'label',
  'hash',
  'scopes',
  'expiresAt',
  'lastUsedAt',
  'revokedAt',
  'createdAt',
]);

const INSERT = prepared('tokens.insert', `INSERT INTO tokens ${ROW.insert}`);

const FIND_WITH_OWNER = prepared(
  'tokens.find_with_owner',
  `SELECT ${ROW.list}, users.kind AS "userKind", users.status AS "userStatus", tenants.status AS "tenantStatus"
   FROM tokens JOIN users ON users.id = tokens.user_id JOIN tenants ON tenants.id = tokens.tenant_id
   WHERE tokens.id = $1`,
);

const REVOKE = prepared(
  'tokens.revoke',
  `UPDATE tokens SET revoked_at = coalesce(revoked_at, $3)
   WHERE tenant_id = $1 AND id = $2 AND ($4::uuid IS NULL OR user_id = $4)`,
);

const REVOKE_ALL = prepared(
  'tokens.revoke_all',
  'UPDATE tokens SET revoked_at = $3 WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL',
);

const TOUCH = prepared(
  'tokens.touch',
  'UPDATE tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)',
);

const toToken = (row: TokenRow): Token => row as unknown as Token;

type OwnedRow = TokenRow & Omit<TokenWithOwner, 'token'>;

export class PostgresqlTokenRepository implements TokenRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(token: Token): Promise<void> {
    await this.#session.run(INSERT, ROW.values({ ...token, scopes: [...token.scopes] }));
  }

  async findWithOwner(id: TokenId): Promise<TokenWithOwner | null> {
    if (!areIds(id)) return null;
    const row = await this.#session.row<OwnedRow>(FIND_WITH_OWNER, [id]);
    if (row === null) return null;
    const { userKind, userStatus, tenantStatus, ...token } = row;
    return { token: toToken(token), userKind, userStatus, tenantStatus };
  }

  async list(
    tenantId: TenantId,
    userId: UserId | undefined,
    page: PageQuery,
  ): Promise<Page<Token>> {
    if (!areIds(tenantId, userId)) return toPage<Token>([], page.limit);
    const { where, ...rest } = pageArguments(page);
    const owner = userId === undefined ? {} : { userId };
    const rows = await this.#session.prisma((prisma) =>
      prisma.token.findMany({ where: { tenantId, ...owner, ...where }, ...rest }),
    );
    return toPage(rows.map(toToken), page.limit);
  }

  async revoke(
    tenantId: TenantId,
    id: TokenId,
    change: { readonly at: Date; readonly ownerId?: UserId | undefined },
  ): Promise<boolean> {
    if (!areIds(tenantId, id, change.ownerId)) return false;
    const values = [tenantId, id, change.at, change.ownerId ?? null];
    return (await this.#session.run(REVOKE, values)) > 0;
  }

  async revokeAllOf(tenantId: TenantId, userId: UserId, at: Date): Promise<number> {
    return areIds(tenantId, userId) ? this.#session.run(REVOKE_ALL, [tenantId, userId, at]) : 0;
  }

  async touch(id: TokenId, at: Date): Promise<void> {
    if (areIds(id)) await this.#session.run(TOUCH, [id, at]);
  }
}
