import type { Clock } from '../platform/clock.port.js';
import type { Scope } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import { InputCheck } from '../platform/input-check.js';
import type { User } from '../user/user.js';
import { formatBearer, TOKEN_SECRET_BYTES } from './bearer.js';
import type { IssuedToken, TokenView } from './issued-token.js';
import type { Token, TokenId } from './token.js';

/** 30 days. */
export const DEFAULT_TOKEN_TTL_MS = 30 * 24 * 3_600_000;
const MIN_TTL_MS = 1_000;
const MAX_TTL_MS = 10 * 366 * 24 * 3_600_000;

/** What a token gets besides its owner. */
export interface TokenPlan {
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** Null: never expires. */
  readonly ttlMs: number | null;
}

/** @throws ValidationError for a lifetime below a second or beyond ten years. */
export function checkTtl(ttlMs: number | null | undefined): void {
  if (ttlMs === null || ttlMs === undefined) return;
  const check = new InputCheck('The token');
  const fits = Number.isInteger(ttlMs) && ttlMs >= MIN_TTL_MS && ttlMs <= MAX_TTL_MS;
  check.expect(fits, 'ttlMs', `whole milliseconds from ${MIN_TTL_MS} to ${MAX_TTL_MS}`);
  check.done();
}

/** A token without what authenticates it. */
export function toTokenView({ hash: _hash, ...view }: Token): TokenView {
  return view;
}

/** Makes a token and the text that is shown once. */
export function makeToken(
  parts: { readonly clock: Clock; readonly ids: IdGenerator; readonly crypto: Crypto },
  owner: Pick<User, 'id' | 'tenantId'>,
  plan: TokenPlan,
): { readonly token: Token; readonly issued: IssuedToken } {
  const id = parts.ids.next<TokenId>();
  const secret = parts.crypto.randomToken(TOKEN_SECRET_BYTES);
  const createdAt = parts.clock.now();
  const token: Token = {
    id,
    tenantId: owner.tenantId,
    userId: owner.id,
    label: plan.label,
    hash: parts.crypto.sha256(secret),
    scopes: plan.scopes,
    expiresAt: plan.ttlMs === null ? null : new Date(createdAt.getTime() + plan.ttlMs),
    lastUsedAt: null,
    revokedAt: null,
    createdAt,
  };
  return { token, issued: { bearer: formatBearer(id, secret), token: toTokenView(token) } };
}
