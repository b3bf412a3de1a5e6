import { createWebsocketHandler } from '@tenon/lambda';
import { load } from './load.js';

/** Connections and messages of browsers, behind an API Gateway websocket API. */
export const handler = createWebsocketHandler({
  useDatabase: async () => (await load()).prepare(),
  websockets: async () => (await load()).commands.websockets,
});
