import { socketSenderContract } from '@tenon/testing';
import type { WebsocketConnectionId } from '@tenon/core';
import { serve, until, websocketApp } from './websocket-world.fixture.js';

socketSenderContract('websocket-ws', {
  make: async () => {
    const app = await websocketApp();
    const served = await serve(app, { collectEveryMs: null });
    const { sender } = served.sockets;
    return {
      sender,
      close: () => served.close(),
      connect: async () => {
        const known = new Set((await connectionsOf()).map(({ id }) => id));
        const texts: string[] = [];
        const client = await served.connect();
        client.socket.on('message', (data) => texts.push((data as Buffer).toString()));
        const target = (await connectionsOf()).find(({ id }) => !known.has(id))!;
        return {
          target,
          received: async (count) => {
            await until(() => texts.length >= count);
            return texts;
          },
          leave: async () => {
            client.socket.close();
            await client.closed;
            await until(async () => (await find(target.id)) === null);
          },
        };
      },
    };
    function connectionsOf() {
      const page = { afterId: null, limit: 100, now: app.clock.now() };
      return app.websocketConnections.list(app.tenant.id, {}, page);
    }
    function find(id: WebsocketConnectionId) {
      return app.websocketConnections.findById(id);
    }
  },
});
