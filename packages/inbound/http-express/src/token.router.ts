import type { Commands, TokenId, UserId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, mapPage, pageOf, pageQuery, scope } from './schemas.js';
import { issuedTokenDto, toIssuedTokenDto, toTokenDto, tokenDto } from './token.dto.js';

/** Bearer tokens. */
export function tokenRoutes({ tokens }: Pick<Commands, 'tokens'>): Route[] {
  const tag = 'Tokens';
  return [
    route({
      operationId: 'issueToken',
      method: 'post',
      path: '/api/tokens',
      tag,
      summary: 'Issue a token',
      description: 'The bearer text is shown once. Scopes that the caller lacks cannot be granted.',
      auth: 'user',
      scope: 'tokens:write',
      body: z.strictObject({
        userId: idOf<UserId>('user').optional(),
        label: z.string(),
        scopes: z.array(scope).optional(),
        ttlMs: z.number().int().positive().nullable().optional(),
      }),
      status: 201,
      result: issuedTokenDto,
      handle: async ({ context, body }) => toIssuedTokenDto(await tokens.issue(context, body)),
    }),
    route({
      operationId: 'listTokens',
      method: 'get',
      path: '/api/tokens',
      tag,
      summary: 'List tokens',
      auth: 'user',
      scope: 'tokens:write',
      query: z.strictObject(pageQuery),
      result: pageOf(tokenDto),
      handle: async ({ context, query }) => mapPage(await tokens.list(context, query), toTokenDto),
    }),
    route({
      operationId: 'revokeToken',
      method: 'delete',
      path: '/api/tokens/:tokenId',
      tag,
      summary: 'Revoke a token',
      auth: 'user',
      scope: 'tokens:write',
      params: z.object({ tokenId: idOf<TokenId>('token') }),
      handle: ({ context, params }) => tokens.revoke(context, params),
    }),
  ];
}
