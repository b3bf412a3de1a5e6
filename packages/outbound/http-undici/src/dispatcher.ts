import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
// The package's door loads twice as much: fetch, caches, mocks, WebSocket.
import connect from 'undici/lib/api/api-connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import DispatcherClass from 'undici/lib/dispatcher/dispatcher.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import { policedConnector } from './connector.js';
import type { EgressPolicy } from './egress-policy.js';

/** How a dispatcher keeps its connections. */
export interface DispatcherSettings {
  readonly connections: number;
  readonly keepAliveMs: number;
  readonly connectTimeoutMs: number;
  readonly proxy?: string;
  readonly lookup?: LookupFunction;
}

/** The pool of connections below a client. undici weighs more than the rest of a function: only this file and the connector load it. */
export function createDispatcher(settings: DispatcherSettings, policy: EgressPolicy): Dispatcher {
  const pool = {
    connections: settings.connections,
    pipelining: 1,
    keepAliveTimeout: settings.keepAliveMs,
    keepAliveMaxTimeout: Math.max(settings.keepAliveMs, 60_000),
  };
  if (settings.proxy !== undefined) {
    // The door gives all dispatchers their methods; of these, opening a tunnel needs one.
    DispatcherClass.prototype.connect = connect;
    return new ProxyAgent({ ...pool, uri: settings.proxy });
  }
  return new Agent({
    ...pool,
    connect: policedConnector(policy, {
      timeoutMs: settings.connectTimeoutMs,
      lookup: settings.lookup,
    }),
  });
}
