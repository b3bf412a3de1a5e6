import type { Response } from 'express';
import { ValidationError } from '@tenon/core';
import type { Commands, Connection } from '@tenon/core';
import * as z from 'zod';
import { browserBindingOf, clearBrowserBinding } from './browser-binding.js';
import { route } from './route.js';
import type { Route } from './route.js';

const CONNECTED_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Connected</title>
<body><h1>Connected</h1><p>The account is connected. You can close this window.</p></body></html>`;

function finish(response: Response, connection: Connection, returnTo: string | null): void {
  if (returnTo === null) {
    response.status(200).setHeader('content-type', 'text/html; charset=utf-8').end(CONNECTED_PAGE);
    return;
  }
  const target = new URL(returnTo);
  target.searchParams.set('connection', connection.id);
  response.redirect(302, target.href);
}

/** Where providers send the browser back to. */
export function callbackRoute({ connections }: Pick<Commands, 'connections'>): Route {
  return route({
    operationId: 'completeAuthorization',
    method: 'get',
    path: '/api/connections/callback',
    tag: 'Connections',
    summary: 'Callback of OAuth providers',
    description: 'Called by the browser that started the authorization; nobody else gets through.',
    auth: 'none',
    // Providers add parameters of their own; unknown ones are ignored.
    query: z.object({
      state: z.string().max(500).optional(),
      code: z.string().max(4096).optional(),
      error: z.string().max(200).optional(),
    }),
    writesResponse: true,
    handle: async ({ context, query, request, response }) => {
      const { state, code, error } = query;
      if (state === undefined) {
        throw new ValidationError('The callback', [
          { path: 'state', message: 'is missing; start the authorization again' },
        ]);
      }
      const browserBinding = browserBindingOf(request, state);
      clearBrowserBinding(response, state);
      const { connection, returnTo } = await connections.complete(context, {
        state,
        code,
        error,
        browserBinding,
      });
      finish(response, connection, returnTo);
    },
  });
}
