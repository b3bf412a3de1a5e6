import {
  CollectSocketMail,
  ConnectSocket,
  DisconnectSocket,
  IssueSocketTicket,
  KeepSockets,
  PublishToSockets,
  ReceiveSocketMessage,
} from '@tenon/core';
import type { Commands } from '@tenon/core';
import type { Wiring } from './wiring.js';

/** Connections of browsers. */
export function wireWebsockets(
  { adapters, settings, sockets }: Wiring,
  tokens: Pick<Commands['tokens'], 'authenticate'>,
): Commands['websockets'] {
  const { persistence, platform } = adapters;
  const { states, websocketConnections } = persistence;
  const { webOrigins } = settings;
  const parts = { ...platform, persistence, states, websocketConnections };
  const issueTicket = new IssueSocketTicket(parts);
  const publish = new PublishToSockets(sockets);
  const connect = new ConnectSocket({
    ...parts,
    webOrigins,
    authenticate: (context, input) => tokens.authenticate(context, input),
  });
  const receive = new ReceiveSocketMessage({ ...parts, authorizeTopic: sockets.authorizeTopic });
  const disconnect = new DisconnectSocket(parts);
  const keep = new KeepSockets(parts);
  const collect = new CollectSocketMail(sockets);
  return {
    issueTicket: (context, input) => issueTicket.execute(context, input),
    publish: (context, input) => publish.execute(context, input),
    connect: (context, input) => connect.execute(context, input),
    receive: (context, input) => receive.execute(context, input),
    disconnect: (context, input) => disconnect.execute(context, input),
    keep: (context, input) => keep.execute(context, input),
    collect: (context, input) => collect.execute(context, input),
  };
}
