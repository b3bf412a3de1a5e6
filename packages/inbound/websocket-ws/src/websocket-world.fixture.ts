import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CollectSocketMail,
  ConnectSocket,
  DisconnectSocket,
  IssueSocketTicket,
  KeepSockets,
  PublishToSockets,
  ReceiveSocketMessage,
  SocketMailbox,
  SocketPublisher,
  SocketRouter,
  UnauthenticatedError,
} from '@tenon/core';
import type { Clock, Commands, Context } from '@tenon/core';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createNodePlatform } from '@tenon/platform-node';
import { aTenant, aUser, recordingLogger, testContext } from '@tenon/testing';
import WebSocket from 'ws';
import type { ClientOptions } from 'ws';
import { startWebsockets } from './start-websockets.js';
import type { Websockets } from './start-websockets.js';
import type { WebsocketOptions } from './options.js';

export const ORIGIN = 'https://app.example.com';
export const BEARER = 'tnn_bearer-of-these-tests';

/** A client and everything that came to it. */
export interface Client {
  readonly socket: WebSocket;
  readonly messages: readonly Record<string, unknown>[];
  /** The next message that was not taken yet. */
  next(): Promise<Record<string, unknown>>;
  /** Code and reason with which the connection ends. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: unknown): void;
}

/** A handshake that was refused. */
export interface Refusal {
  readonly status: number;
  readonly problem: Record<string, unknown>;
}

export function clientOf(socket: WebSocket): Client {
  const messages: Record<string, unknown>[] = [];
  const waiting: (() => void)[] = [];
  let taken = 0;
  socket.on('message', (data) => {
    messages.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>);
    for (const wake of waiting.splice(0)) wake();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  return {
    socket,
    messages,
    closed,
    next: async () => {
      while (messages.length <= taken) await new Promise<void>((resolve) => waiting.push(resolve));
      return messages[taken++]!;
    },
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

function opened(socket: WebSocket): Promise<Client | Refusal> {
  const client = clientOf(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(client));
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => {
        const problem = JSON.parse(body) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, problem });
      });
    });
  });
}

type Commanded = Commands['websockets'];

/** Everything of an app that websockets need, in memory; several processes may share it. */
export async function websocketApp() {
  const platform = createNodePlatform();
  const persistence = createMemoryPersistence();
  const logger = recordingLogger();
  const tenant = aTenant();
  const ann = aUser({ tenantId: tenant.id });
  await persistence.tenants.insert(tenant);
  await persistence.users.insert(ann);
  const { states, websocketConnections } = persistence;
  const mailbox = new SocketMailbox({ ...platform, states });
  const own = { tenantId: tenant.id, userId: ann.id, logger };
  const user: Context = testContext(own);
  const authenticate = async (_context: unknown, { bearer }: { readonly bearer: string }) => {
    if (bearer !== BEARER) throw new UnauthenticatedError();
    return user;
  };
  const parts = { ...platform, persistence, states, websocketConnections, logger, mailbox };
  const connect = new ConnectSocket({ ...parts, webOrigins: [ORIGIN], authenticate });
  const receive = new ReceiveSocketMessage({ ...parts, authorizeTopic: () => true });
  /** The commands of one process; `router` sends to what it and others hold. */
  const process = () => {
    const router = new SocketRouter([mailbox]);
    const publisher = new SocketPublisher({ ...parts, sender: router });
    const [issue, publish] = [new IssueSocketTicket(parts), new PublishToSockets({ publisher })];
    const disconnect = new DisconnectSocket(parts);
    const [keep, collect] = [new KeepSockets(parts), new CollectSocketMail(parts)];
    const websockets: Commanded = {
      issueTicket: (context, input) => issue.execute(context, input),
      publish: (context, input) => publish.execute(context, input),
      connect: (context, input) => connect.execute(context, input),
      receive: (context, input) => receive.execute(context, input),
      disconnect: (context, input) => disconnect.execute(context, input),
      keep: (context, input) => keep.execute(context, input),
      collect: (context, input) => collect.execute(context, input),
    };
    return { router, websockets };
  };
  const ticket = async () => (await new IssueSocketTicket(parts).execute(user, {})).ticket;
  return { ...platform, ...parts, tenant, ann, user, process, ticket };
}

export type WebsocketApp = Awaited<ReturnType<typeof websocketApp>>;

/** A server of an app, and how to connect to it. */
export async function serve(
  app: WebsocketApp,
  options: Partial<WebsocketOptions> & { readonly clock?: Clock } = {},
) {
  const { router, websockets } = app.process();
  const server = createServer((_request, response) => response.writeHead(426).end());
  const { ids, clock, logger } = app;
  const sockets: Websockets = startWebsockets(server, {
    ...{ websockets, ids, clock, logger },
    ...options,
  });
  router.add(sockets.sender);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = (path: string, protocols: string[], client: ClientOptions = {}) =>
    opened(new WebSocket(`${url}${path}`, protocols, { origin: ORIGIN, ...client }));
  return {
    url,
    websockets,
    sockets,
    open,
    /** A client of Ann's. */
    connect: async (client: ClientOptions = {}): Promise<Client> => {
      const made = await open('/ws', ['tenon', `ticket.${await app.ticket()}`], client);
      if ('status' in made) throw new Error(`Refused: ${JSON.stringify(made)}`);
      return made;
    },
    close: async () => {
      await sockets.stop(30_000);
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

export type Served = Awaited<ReturnType<typeof serve>>;

/** Waits for a condition, for as long as a slow machine may take. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('It did not come true within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
