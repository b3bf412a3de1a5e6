// The package's door loads twice as much: fetch, caches, mocks, WebSocket. It is also the only file that it describes.
import type {
  Agent as AgentClass,
  buildConnector as BuildConnector,
  Dispatcher as DispatcherClass,
  ProxyAgent as ProxyAgentClass,
} from 'undici';
// @ts-expect-error -- has no declaration
import connectMethod from 'undici/lib/api/api-connect.js';
// @ts-expect-error -- has no declaration
import connector from 'undici/lib/core/connect.js';
// @ts-expect-error -- has no declaration
import agent from 'undici/lib/dispatcher/agent.js';
// @ts-expect-error -- has no declaration
import dispatcher from 'undici/lib/dispatcher/dispatcher.js';
// @ts-expect-error -- has no declaration
import proxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

export const Agent = agent as typeof AgentClass;
export const ProxyAgent = proxyAgent as typeof ProxyAgentClass;
export const buildConnector = connector as typeof BuildConnector;

/** The door gives all dispatchers their methods; of these, opening a tunnel through a proxy needs one. */
export function enableTunnels(): void {
  const { prototype } = dispatcher as typeof DispatcherClass;
  prototype.connect = connectMethod as DispatcherClass['connect'];
}
