import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createUndiciHttpClient } from '@tenon/http-undici';
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

async function measure(url: string, concurrency: number, min: number): Promise<Row> {
  const client = createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } });
  const calls = 500;
  const ours = async (): Promise<unknown> =>
    (await client.send({ method: 'GET', url, headers, timeoutMs: 10_000 })).json();
  const theirs = async (): Promise<unknown> =>
    (await fetch(url, { headers, signal: AbortSignal.timeout(10_000) })).json();
  const t = await interleave(
    {
      ours: () => many(concurrency, calls, ours),
      fetch: () => many(concurrency, calls, theirs),
    },
    { iterations: 1, rounds: 11, warmup: 3 },
  );
  await client.close();
  const perSecond = (times: readonly number[]): number => (calls * 1e6) / median(times);
  return {
    figure: `GET with JSON, concurrency ${concurrency}`,
    unit: '/s',
    ours: perSecond(t.ours),
    peer: { name: 'global fetch', value: perSecond(t.fetch) },
    ratio: medianRatio(t.fetch, t.ours),
    bar: { of: 'ratio', min },
  };
}

export const bench: Bench = {
  name: 'http-client',
  title: 'outgoing HTTP with egress policy, time-out and size limit',
  bar: '≥ 1.3× global fetch at concurrency 1, ≥ 2× at 50',
  async run() {
    const server = await startServer();
    try {
      return [await measure(server.url, 1, 1.3), await measure(server.url, 50, 2)];
    } finally {
      server.process.disconnect();
    }
  },
};

if (process.env['TENON_BENCH_SERVE'] === '1') serve();
