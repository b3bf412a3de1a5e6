import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AuthorizedClientFactory, defineConnector, EventBus, silentLogger } from '@tenon/core';
import type { HttpClient } from '@tenon/core';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createNodePlatform } from '@tenon/platform-node';
import { aConnection, aCredential } from '@tenon/testing';
import type { Bench, Row } from '../bench.js';
import { interleave, median, medianRatio } from '../interleave.js';

const BODY = JSON.stringify({
  items: Array.from({ length: 10 }, (_, id) => ({ id, name: 'item' })),
});
const headers = { authorization: 'Bearer token', accept: 'application/json' };

/** A second process, so that serving does not weigh on the clients. */
async function startServer(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const server = fork(fileURLToPath(import.meta.url), ['serve'], {
    env: { ...process.env, TENON_BENCH_SERVE: '1' },
  });
  const [port] = (await once(server, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}/items?limit=10`, process: server };
}

function serve(): void {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
    response.end(BODY);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.once('disconnect', () => process.exit());
}

async function many(
  concurrency: number,
  calls: number,
  call: () => Promise<unknown>,
): Promise<void> {
  let left = calls;
  const loop = async (): Promise<void> => {
    while ((left -= 1) >= 0) await call();
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
}

interface Measured {
  readonly what: string;
  readonly url: string;
  readonly concurrency: number;
  readonly min: number;
  readonly ours: () => Promise<unknown>;
}

async function measure({ what, url, concurrency, min, ours }: Measured): Promise<Row> {
  const calls = 500;
  const theirs = async (): Promise<unknown> =>
    (await fetch(url, { headers, signal: AbortSignal.timeout(10_000) })).json();
  const t = await interleave(
    {
      ours: () => many(concurrency, calls, ours),
      fetch: () => many(concurrency, calls, theirs),
    },
    { iterations: 1, rounds: 11, warmup: 3 },
  );
  const perSecond = (times: readonly number[]): number => (calls * 1e6) / median(times);
  return {
    figure: `${what}, concurrency ${concurrency}`,
    unit: '/s',
    ours: perSecond(t.ours),
    peer: { name: 'global fetch', value: perSecond(t.fetch) },
    ratio: medianRatio(t.fetch, t.ours),
    bar: { of: 'ratio', min },
  };
}

/** The client that integrations get, over a stored connection. */
async function authorisedClient(http: HttpClient, origin: string): Promise<() => Promise<unknown>> {
  const { clock, crypto, ids } = createNodePlatform();
  const persistence = createMemoryPersistence();
  const events = new EventBus({ clock, ids, logger: silentLogger });
  const connector = defineConnector({
    name: 'bench',
    display: { label: 'Bench' },
    auth: {
      type: 'oauth2',
      authorizationUrl: `${origin}/authorize`,
      tokenUrl: `${origin}/token`,
      clientId: 'bench',
      scopes: [],
    },
    baseUrl: origin,
    limits: { concurrency: 100 },
    api: (api) => ({ items: () => api.get('/items', { query: { limit: 10 } }) }),
    identity: () => Promise.resolve({ externalId: 'bench' }),
  });
  const connection = aConnection({ connector: 'bench' });
  await persistence.connections.insert(connection);
  const { tenantId } = connection;
  await persistence.credentials.insert(aCredential({ tenantId, connectionId: connection.id }));
  const parts = { persistence, http, clock, crypto, events, logger: silentLogger };
  const client = new AuthorizedClientFactory(parts).create(connector, connection, {
    logger: silentLogger,
  });
  return () => client.items();
}

async function rows(url: string): Promise<readonly Row[]> {
  const client = createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } });
  const plain = async (): Promise<unknown> =>
    (await client.send({ method: 'GET', url, headers, timeoutMs: 10_000 })).json();
  const authorised = await authorisedClient(client, new URL(url).origin);
  const bars = [
    { concurrency: 1, min: 1.3 },
    { concurrency: 50, min: 2 },
  ];
  const found: Row[] = [];
  for (const bar of bars) {
    found.push(await measure({ what: 'HTTP client', url, ...bar, ours: plain }));
    found.push(await measure({ what: 'authorised client', url, ...bar, ours: authorised }));
  }
  await client.close();
  return found;
}

export const bench: Bench = {
  name: 'http-client',
  title:
    'outgoing HTTP with egress policy, time-out and size limit; the client of integrations over it',
  bar: '≥ 1.3× global fetch at concurrency 1, ≥ 2× at 50',
  async run() {
    const server = await startServer();
    try {
      return await rows(server.url);
    } finally {
      server.process.disconnect();
    }
  },
};

if (process.env['TENON_BENCH_SERVE'] === '1') serve();
