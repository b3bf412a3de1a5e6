import type { Commands, TenantId, UserId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, mapPage, pageOf, pageQuery } from './schemas.js';
import { issuedTokenDto, toIssuedTokenDto } from './token.dto.js';
import { createUserBody, toUserDto, userDto } from './user.dto.js';

const params = z.object({ userId: idOf<UserId>('user') });
const tag = 'Users';

function logInRoute(users: Commands['users']): Route {
  return route({
    operationId: 'logIn',
    method: 'post',
    path: '/api/login',
    tag,
    summary: 'Log in with a password and get a token',
    auth: 'none',
    body: z.strictObject({
      tenantId: idOf<TenantId>('tenant'),
      username: z.string().max(320),
      password: z.string().max(1024),
      ttlMs: z
        .number()
        .int()
        .positive()
        .optional()
        .describe('Lifetime of the token in milliseconds'),
    }),
    status: 201,
    result: issuedTokenDto,
    handle: async ({ context, body }) => toIssuedTokenDto(await users.logIn(context, body)),
  });
}

function changeRoutes(users: Commands['users']): Route[] {
  return [
    route({
      operationId: 'setPassword',
      method: 'put',
      path: '/api/users/:userId/password',
      tag,
      summary: 'Set a password; ends all tokens of the user',
      auth: 'user',
      scope: '*',
      params,
      body: z.strictObject({ password: z.string() }),
      handle: ({ context, params: { userId }, body: { password } }) =>
        users.setPassword(context, { userId, password }),
    }),
    route({
      operationId: 'deleteUser',
      method: 'delete',
      path: '/api/users/:userId',
      tag,
      summary: 'Delete a user and its tokens',
      auth: 'user',
      scope: 'users:write',
      params,
      handle: ({ context, params: input }) => users.delete(context, input),
    }),
  ];
}

/** Users of the caller's tenant. */
export function userRoutes({ users }: Pick<Commands, 'users'>): Route[] {
  return [
    logInRoute(users),
    route({
      operationId: 'createUser',
      method: 'post',
      path: '/api/users',
      tag,
      summary: 'Create a user',
      auth: 'user',
      scope: 'users:write',
      body: createUserBody,
      status: 201,
      result: userDto,
      handle: async ({ context, body }) => toUserDto(await users.create(context, body)),
    }),
    route({
      operationId: 'listUsers',
      method: 'get',
      path: '/api/users',
      tag,
      summary: 'List users',
      auth: 'user',
      scope: 'users:read',
      query: z.strictObject({
        ...pageQuery,
        kind: z.enum(['individual', 'organization']).optional(),
      }),
      result: pageOf(userDto),
      handle: async ({ context, query }) => mapPage(await users.list(context, query), toUserDto),
    }),
    route({
      operationId: 'getUser',
      method: 'get',
      path: '/api/users/:userId',
      tag,
      summary: 'Get a user',
      auth: 'user',
      scope: 'users:read',
      params,
      result: userDto,
      handle: async ({ context, params: input }) => toUserDto(await users.get(context, input)),
    }),
    ...changeRoutes(users),
  ];
}
