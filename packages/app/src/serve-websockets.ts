import type { Server } from 'node:http';
import { startWebsockets } from '@tenon/websocket-ws';
import type { App } from './app.js';

/** Tells browsers of what happens in this process, and holds connections of browsers where it has a server. */
export function serveWebsockets(
  app: App,
  server: Server | null,
): { stop(graceMs: number): Promise<void> } {
  app.sockets.startPush();
  if (!server) return { stop: () => Promise.resolve() };
  const { platform, logger, persistence } = app.adapters;
  const sockets = startWebsockets(server, {
    ...{ websockets: app.commands.websockets, clock: platform.clock, ids: platform.ids, logger },
    // A database of this process alone has no mail of others.
    ...(!persistence.capabilities.shared && { collectEveryMs: null }),
  });
  const remove = app.sockets.add(sockets.sender);
  return {
    stop: async (graceMs) => {
      await sockets.stop(graceMs);
      remove();
    },
  };
}
