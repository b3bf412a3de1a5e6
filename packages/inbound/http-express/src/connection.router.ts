import type { Commands, ConnectionId } from '@tenon/core';
import * as z from 'zod';
import { setBrowserBinding } from './browser-binding.js';
import { callbackRoute } from './callback.router.js';
import { connectionFormRoutes } from './connection-form.router.js';
import { connectionDto, connectionState, toConnectionDto } from './connection.dto.js';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, mapPage, pageOf, pageQuery, problemSummary, time } from './schemas.js';

const tag = 'Connections';
const params = z.object({ connectionId: idOf<ConnectionId>('connection') });

function authorizeRoute(connections: Commands['connections'], secureCookies: boolean): Route {
  return route({
    operationId: 'authorizeConnection',
    method: 'post',
    path: '/api/connections/authorize',
    tag,
    summary: 'Start to connect an account by OAuth',
    description:
      'Sets a cookie for the browser that starts; send that browser to authorizationUrl within ten minutes.',
    auth: 'user',
    scope: 'connections:write',
    body: z.strictObject({
      connector: z.string(),
      connectionId: idOf<ConnectionId>('connection')
        .optional()
        .describe('Authorise this connection again'),
      name: z.string().max(200).optional(),
      returnTo: z.string().max(2000).optional(),
    }),
    status: 201,
    result: z.object({ authorizationUrl: z.string(), expiresAt: time }),
    handle: async ({ context, body, response }) => {
      const started = await connections.authorize(context, body);
      setBrowserBinding(response, started, { secure: secureCookies });
      return {
        authorizationUrl: started.authorizationUrl,
        expiresAt: started.expiresAt.toISOString(),
      };
    },
  });
}

function readRoutes(connections: Commands['connections']): Route[] {
  return [
    route({
      operationId: 'listConnections',
      method: 'get',
      path: '/api/connections',
      tag,
      summary: 'List connections',
      auth: 'user',
      scope: 'connections:read',
      query: z.strictObject({
        ...pageQuery,
        connector: z.string().optional(),
        state: connectionState.optional(),
      }),
      result: pageOf(connectionDto),
      handle: async ({ context, query }) =>
        mapPage(await connections.list(context, query), toConnectionDto),
    }),
    route({
      operationId: 'getConnection',
      method: 'get',
      path: '/api/connections/:connectionId',
      tag,
      summary: 'Get a connection',
      auth: 'user',
      scope: 'connections:read',
      params,
      result: connectionDto,
      handle: async ({ context, params: input }) =>
        toConnectionDto(await connections.get(context, input)),
    }),
    route({
      operationId: 'testConnection',
      method: 'post',
      path: '/api/connections/:connectionId/test',
      tag,
      summary: 'Ask the provider whether a connection works',
      auth: 'user',
      scope: 'connections:write',
      params,
      result: z.object({
        ok: z.boolean(),
        connection: connectionDto,
        problem: problemSummary.nullable(),
      }),
      handle: async ({ context, params: input }) => {
        const { ok, connection, problem } = await connections.test(context, input);
        return { ok, connection: toConnectionDto(connection), problem };
      },
    }),
  ];
}

/** Connections of the caller. */
export function connectionRoutes(
  { connections }: Pick<Commands, 'connections'>,
  options: { readonly secureCookies: boolean },
): Route[] {
  return [
    authorizeRoute(connections, options.secureCookies),
    callbackRoute({ connections }),
    ...readRoutes(connections),
    ...connectionFormRoutes(connections),
    route({
      operationId: 'submitConnection',
      method: 'post',
      path: '/api/connections',
      tag,
      summary: 'Connect an account by API key or password',
      description: 'The credential is tried at the provider before it is kept.',
      auth: 'user',
      scope: 'connections:write',
      body: z.strictObject({
        connector: z.string(),
        fields: z.record(z.string().max(100), z.string().max(10_000)),
        name: z.string().max(200).optional(),
        connectionId: idOf<ConnectionId>('connection').optional(),
      }),
      status: 201,
      result: connectionDto,
      handle: async ({ context, body }) => toConnectionDto(await connections.submit(context, body)),
    }),
    route({
      operationId: 'renameConnection',
      method: 'patch',
      path: '/api/connections/:connectionId',
      tag,
      summary: 'Rename a connection',
      auth: 'user',
      scope: 'connections:write',
      params,
      body: z.strictObject({ name: z.string() }),
      result: connectionDto,
      handle: async ({ context, params: { connectionId }, body: { name } }) =>
        toConnectionDto(await connections.rename(context, { connectionId, name })),
    }),
    route({
      operationId: 'deleteConnection',
      method: 'delete',
      path: '/api/connections/:connectionId',
      tag,
      summary: 'Revoke a connection at its provider and delete it',
      auth: 'user',
      scope: 'connections:write',
      params,
      handle: ({ context, params: input }) => connections.delete(context, input),
    }),
  ];
}
