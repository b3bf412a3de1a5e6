import type { IssuedToken, TokenView } from '@tenon/core';
import * as z from 'zod';
import { isoOrNull, scope, time } from './schemas.js';

export const tokenDto = z
  .object({
    id: z.string(),
    userId: z.string(),
    label: z.string(),
    scopes: z.array(scope),
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Token' });

export const issuedTokenDto = z
  .object({ bearer: z.string().describe('Shown once'), token: tokenDto })
  .meta({ id: 'IssuedToken' });

export function toTokenDto(token: TokenView): z.input<typeof tokenDto> {
  return {
    id: token.id,
    userId: token.userId,
    label: token.label,
    scopes: [...token.scopes],
    expiresAt: isoOrNull(token.expiresAt),
    lastUsedAt: isoOrNull(token.lastUsedAt),
    revokedAt: isoOrNull(token.revokedAt),
    createdAt: token.createdAt.toISOString(),
  };
}

export function toIssuedTokenDto(issued: IssuedToken): z.input<typeof issuedTokenDto> {
  return { bearer: issued.bearer, token: toTokenDto(issued.token) };
}
