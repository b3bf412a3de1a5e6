import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { policedConnector } from './connector.js';
import type { EgressPolicy } from './egress-policy.js';
import { Agent, enableTunnels, ProxyAgent } from './undici-parts.js';

/** How a dispatcher keeps its connections. */
export interface DispatcherSettings {
  readonly connections: number;
  readonly keepAliveMs: number;
  readonly connectTimeoutMs: number;
  readonly proxy?: string;
  readonly lookup?: LookupFunction;
}

/** The pool of connections below a client. undici weighs more than the rest of a function: what is used of it is loaded through this file. */
export function createDispatcher(settings: DispatcherSettings, policy: EgressPolicy): Dispatcher {
  const pool = {
    connections: settings.connections,
    pipelining: 1,
    keepAliveTimeout: settings.keepAliveMs,
    keepAliveMaxTimeout: Math.max(settings.keepAliveMs, 60_000),
  };
  if (settings.proxy !== undefined) {
    enableTunnels();
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
