import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { MisconfiguredError, validateOptions } from '@tenon/core';
import { EgressPolicy, type EgressOptions } from './egress-policy.js';
import { UndiciHttpClient } from './undici-http-client.js';

/** Options of {@link createUndiciHttpClient}. */
export interface UndiciHttpClientOptions {
  /** What may be called. Default: public addresses only. */
  readonly egress?: EgressOptions;
  /** Connections per origin; further requests wait. Default: 128. */
  readonly connections?: number;
  /** How long an idle connection stays open, unless the server says less. Default: 10,000. */
  readonly keepAliveMs?: number;
  /** Time to open a connection. Default: 10,000. */
  readonly connectTimeoutMs?: number;
  /**
   * URL of a forward proxy for all calls. It resolves names itself, so that addresses behind names are its business;
   * scheme, port, literal addresses and host names are still checked here.
   */
  readonly proxy?: string;
  /** Resolves host names; `dns.lookup` by default. */
  readonly lookup?: LookupFunction;
}

type Settings = Omit<Required<UndiciHttpClientOptions>, 'proxy' | 'lookup'> &
  Pick<UndiciHttpClientOptions, 'proxy' | 'lookup'>;

/**
 * Outgoing HTTP on undici.
 *
 * @example
 * const http = createUndiciHttpClient({ egress: { allow: ['localhost:3000'] } });
 * const response = await http.send({ method: 'GET', url: 'https://api.example.com/items', timeoutMs: 5_000 });
 *
 * @throws MisconfiguredError for unknown options and unreadable policies.
 */
export function createUndiciHttpClient(options: UndiciHttpClientOptions = {}): UndiciHttpClient {
  const settings = validateOptions<Settings>('createUndiciHttpClient', options, {
    defaults: { egress: {}, connections: 128, keepAliveMs: 10_000, connectTimeoutMs: 10_000 },
    optional: ['proxy', 'lookup'],
  });
  const policy = new EgressPolicy(settings.egress);
  checkProxy(settings.proxy);
  const open = async (): Promise<Dispatcher> => {
    const { createDispatcher } = await import('./dispatcher.js');
    return createDispatcher(settings, policy);
  };
  return new UndiciHttpClient(open, policy);
}

function checkProxy(proxy: string | undefined): void {
  if (proxy === undefined || URL.canParse(proxy)) return;
  // The address may hold a password: it is not repeated.
  throw new MisconfiguredError(
    "createUndiciHttpClient: 'proxy' is no address like http://proxy.example:3128",
    { option: 'proxy' },
  );
}
