import type { Commands } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { time } from './schemas.js';

const ticketDto = z
  .object({ ticket: z.string().describe('Shown once; opens one connection'), expiresAt: time })
  .meta({ id: 'WebsocketTicket' });

/** Tickets for websocket connections. */
export function websocketRoutes({ websockets }: Pick<Commands, 'websockets'>): Route[] {
  return [
    route({
      operationId: 'issueWebsocketTicket',
      method: 'post',
      path: '/api/websocket-tickets',
      tag: 'Websockets',
      summary: 'Get a ticket for one websocket connection',
      description:
        'Browsers cannot send a token with a websocket. Ask for a ticket with the token, and connect within a minute: ' +
        "`new WebSocket(url, ['tenon', 'ticket.' + ticket])`. The connection may do what the token may.",
      auth: 'user',
      body: z.strictObject({}).optional(),
      status: 201,
      result: ticketDto,
      handle: async ({ context }) => {
        const { ticket, expiresAt } = await websockets.issueTicket(context, {});
        return { ticket, expiresAt: expiresAt.toISOString() };
      },
    }),
  ];
}
