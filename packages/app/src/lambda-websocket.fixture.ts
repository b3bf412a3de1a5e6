import { createWebsocketHandler } from '@tenon/lambda';
import { load } from './lambda-app.fixture.js';

export const handler = createWebsocketHandler({
  useDatabase: async () => (await load()).prepare(),
  websockets: async () => (await load()).commands.websockets,
});
