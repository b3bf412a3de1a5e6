import { SocketMailbox, SocketPublisher, SocketPush, SocketRouter } from '@tenon/core';
import type { AuthorizeTopic, EventBus } from '@tenon/core';
import type { Adapters } from './adapters.js';

/** What reaches browsers. */
export interface Sockets {
  readonly router: SocketRouter;
  readonly mailbox: SocketMailbox;
  readonly publisher: SocketPublisher;
  readonly push: SocketPush;
  readonly authorizeTopic: AuthorizeTopic | undefined;
}

/** Puts the ways to browsers together: the gateway's, and that to other processes of the app. */
export function makeSockets(
  { persistence, platform, logger, sockets }: Adapters,
  events: EventBus,
  authorizeTopic: AuthorizeTopic | undefined,
): Sockets {
  const { states, websocketConnections } = persistence;
  const mailbox = new SocketMailbox({ ...platform, states });
  const router = new SocketRouter(sockets ? [sockets, mailbox] : [mailbox]);
  const parts = { websocketConnections, sender: router, clock: platform.clock, logger };
  const publisher = new SocketPublisher(parts);
  const push = new SocketPush({ ...parts, events });
  if (sockets) push.start('flushed');
  return { router, mailbox, publisher, push, authorizeTopic };
}
