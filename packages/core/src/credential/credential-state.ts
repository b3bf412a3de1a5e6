import type { OAuth2Auth } from '../connector/auth.js';
import { MisconfiguredError } from '../platform/common.errors.js';
import { secret } from '../platform/secret.js';
import type { Credential, OAuth2Material } from './credential.js';
import type { OAuth2Tokens } from './oauth2-token-response.js';
import { expiryOf } from './oauth2-token-response.js';

const MARGIN_MS = 60_000;

/** Why somebody wants a fresh credential: it ends soon, or the provider refused this access token. */
export interface RefreshNeed {
  readonly rejected: string | null;
}

/** @throws MisconfiguredError when the stored material is none of OAuth. */
export function oauth2Material(credential: Credential): OAuth2Material {
  const material = credential.material.reveal();
  if (material.type === 'oauth2') return material;
  throw new MisconfiguredError(
    `The stored credential is of type '${material.type}', but the connector authenticates by 'oauth2'; connect again`,
  );
}

/** When an access token should be refreshed: the margin before its end, at most half of its life; at its end without a refresh token. */
export function refreshDueAtMs(auth: OAuth2Auth, credential: Credential): number {
  if (credential.expiresAt === null) return Infinity;
  const endMs = credential.expiresAt.getTime();
  if (oauth2Material(credential).refreshToken === null) return endMs;
  const lifeMs = Math.max(0, endMs - credential.updatedAt.getTime());
  return endMs - Math.min(auth.refreshMarginMs ?? MARGIN_MS, lifeMs / 2);
}

/** True when the token may still be sent, also if its refresh is due. */
export function isUsable(credential: Credential, need: RefreshNeed, nowMs: number): boolean {
  if (oauth2Material(credential).accessToken === need.rejected) return false;
  return credential.expiresAt === null || credential.expiresAt.getTime() > nowMs;
}

/** True when nothing has to be refreshed. */
export function isFresh(
  auth: OAuth2Auth,
  credential: Credential,
  at: { readonly need: RefreshNeed; readonly nowMs: number },
): boolean {
  return isUsable(credential, at.need, at.nowMs) && refreshDueAtMs(auth, credential) > at.nowMs;
}

/** The row after a refresh: the old refresh token stays when the answer has none. */
export function withTokens(
  credential: Credential,
  tokens: OAuth2Tokens,
  at: { readonly auth: OAuth2Auth; readonly now: Date },
): Credential {
  const old = oauth2Material(credential);
  return {
    ...credential,
    material: secret<OAuth2Material>({
      type: 'oauth2',
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken ?? old.refreshToken,
      tokenType: tokens.tokenType,
    }),
    expiresAt: expiryOf(at.auth, tokens, at.now),
    refreshAttempt: null,
    refreshNotBefore: null,
    updatedAt: at.now,
  };
}

const COOL_DOWN_MS = 5_000;
const MAX_COOL_DOWN_MS = 5 * 60_000;

/**
 * The row after an outage: no further refresh before a time that doubles with every failure in a row, and never before the
 * provider's own `Retry-After`. The last wait is `refreshNotBefore − updatedAt`.
 */
export function withCoolDown(
  credential: Credential,
  retryAfterMs: number | null,
  now: Date,
): Credential {
  const before = credential.refreshNotBefore
    ? credential.refreshNotBefore.getTime() - credential.updatedAt.getTime()
    : 0;
  const own = Math.min(MAX_COOL_DOWN_MS, Math.max(COOL_DOWN_MS, 2 * before));
  return {
    ...credential,
    refreshAttempt: null,
    refreshNotBefore: new Date(now.getTime() + Math.max(own, retryAfterMs ?? 0)),
    updatedAt: now,
  };
}
