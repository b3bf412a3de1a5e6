import { recordingLogger, recordingSockets } from '@tenon/testing';
import { identityWorld, person } from '../user/identity.fixture.js';
import { ConnectSocket } from './connect-socket.use-case.js';
import type { ConnectSocketInput } from './socket-inputs.js';
import { IssueSocketTicket } from './issue-socket-ticket.use-case.js';
import { ReceiveSocketMessage } from './receive-socket-message.use-case.js';
import { SocketPublisher } from './socket-publisher.js';
import { SocketPush } from './socket-push.js';
import type { AuthorizeTopic } from './socket-topics.js';
import type { WebsocketConnection, WebsocketConnectionId } from './websocket-connection.js';

export const ORIGIN = 'https://app.example.com';

/** The code of what a promise throws; null when it throws nothing. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => (error as { readonly code?: unknown }).code,
  );

export type Person = Awaited<ReturnType<typeof person>>;

/** Two users who see what is theirs, one who sees the tenant, and everything that websockets need, in memory. */
export async function socketWorld(options: { readonly authorizeTopic?: AuthorizeTopic } = {}) {
  const world = await identityWorld();
  const logger = recordingLogger();
  const sender = recordingSockets();
  const parts = { ...world, sender, logger };
  const connectSocket = new ConnectSocket({
    ...world,
    webOrigins: [ORIGIN],
    authenticate: () => Promise.reject(new Error('These tests connect with tickets')),
  });
  const receiveMessage = new ReceiveSocketMessage({ ...world, ...options });
  const issueTicket = async ({ context }: Pick<Person, 'context'>): Promise<string> =>
    (await new IssueSocketTicket(world).execute(context, {})).ticket;
  let count = 0;
  const connect = async (
    user: Pick<Person, 'context'>,
    overrides: Partial<ConnectSocketInput> = {},
  ): Promise<WebsocketConnection> =>
    connectSocket.execute(world.app, {
      connectionId: `c${(count += 1)}` as WebsocketConnectionId,
      endpoint: 'node:test',
      ticket: overrides.ticket ?? (await issueTicket(user)),
      origin: ORIGIN,
      ttlMs: 300_000,
      ...overrides,
    });
  const disable = async ({ user }: Person): Promise<void> => {
    const row = await world.users.find(world.tenant.id, user.id);
    if (row) await world.users.update({ ...row, status: 'disabled' });
  };
  /** The answer to a message, as the client reads it. */
  const receive = async (connectionId: WebsocketConnectionId, message: unknown) => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    const { reply } = await receiveMessage.execute(world.app, { connectionId, text });
    return JSON.parse(reply) as Record<string, unknown>;
  };
  return {
    ...{ ...world, logger, sender, connect, receive, issueTicket, disable },
    ann: await person(world, { username: 'ann' }),
    bob: await person(world, { username: 'bob' }),
    org: await person(world, { username: 'org', kind: 'organization' }),
    publisher: new SocketPublisher(parts),
    push: new SocketPush(parts),
  };
}

export type SocketWorld = Awaited<ReturnType<typeof socketWorld>>;
