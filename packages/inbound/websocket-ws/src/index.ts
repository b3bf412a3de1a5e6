export { startWebsockets } from './start-websockets.js';
export type { Websockets } from './start-websockets.js';
export type { WebsocketOptions } from './options.js';
