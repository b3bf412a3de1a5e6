import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpRequest } from '@tenon/core';
import { createUndiciHttpClient } from './create-undici-http-client.js';
import { bodyOf, serve, type Loopback } from './loopback.fixture.js';
import type { UndiciHttpClient } from './undici-http-client.js';

const CANARY = 'canary-7c1f';
let listener: RequestListener;
let server: Loopback;
let client: UndiciHttpClient;

beforeEach(async () => {
  server = await serve((request, response) => {
    listener(request, response);
  });
  client = createUndiciHttpClient({ egress: { allow: [server.host] } });
});

afterEach(async () => {
  await server.close();
  await client.close();
  await client.close();
});

const send = (path: string, more: Partial<HttpRequest> = {}) =>
  client.send({ method: 'GET', url: server.origin + path, timeoutMs: 5_000, ...more });

async function failure(
  promise: Promise<unknown>,
): Promise<Error & { code: string; details: object }> {
  const error: unknown = await promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (e: unknown) => e,
  );
  const { stack, cause } = error as Error;
  expect(`${JSON.stringify(error)} ${stack} ${(cause as Error | undefined)?.stack}`).not.toContain(
    CANARY,
  );
  return error as Error & { code: string; details: object };
}

describe('UndiciHttpClient', () => {
  it('sends method, headers and body, and answers status, headers and body', async () => {
    listener = (request, response) =>
      void bodyOf(request).then((body) => {
        response.writeHead(418, { 'x-list': ['a', 'b'], 'content-type': 'application/json' });
        response.end(JSON.stringify({ method: request.method, url: request.url, body }));
      });
    const response = await send('/a%20b?q=1', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', 'X-Me': 'é'.normalize('NFC') },
      body: 'hällo',
    });
    expect(response.status).toBe(418);
    expect(response.headers['x-list']).toBe('a, b');
    expect(response.json()).toEqual({ method: 'POST', url: '/a%20b?q=1', body: 'hällo' });
    expect(server.requests[0]?.headers).toMatchObject({
      'content-type': 'text/plain',
      'user-agent': 'tenon',
      'accept-encoding': 'gzip, br, deflate',
    });
  });

  it('keeps connections alive and makes more for parallel requests', async () => {
    listener = (_request, response) => setTimeout(() => response.end('ok'), 5);
    for (let round = 0; round < 6; round += 1) await send('/');
    // The pool rests a connection for one turn of the event loop after each answer.
    expect(server.connections()).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 10 }, () => send('/')));
    expect(server.connections()).toBeGreaterThanOrEqual(10);
    expect(server.connections()).toBeLessThanOrEqual(12);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
  ])('decodes %s', async (encoding, encode) => {
    const text = '{"a":"ä"}'.padEnd(5_000);
    listener = (_request, response) => {
      const bytes = encode(text);
      response.writeHead(200, { 'content-encoding': encoding, 'content-length': bytes.length });
      response.end(bytes);
    };
    const response = await send('/');
    expect(response.text()).toBe(text);
    expect(response.headers).not.toHaveProperty('content-encoding');
    expect(response.headers).not.toHaveProperty('content-length');
  });

  it('leaves unknown codings alone and fails on broken ones', async () => {
    listener = (request, response) => {
      response.writeHead(200, { 'content-encoding': request.url === '/zz' ? 'zz' : 'gzip' });
      response.end('plain');
    };
    const response = await send('/zz');
    expect([response.text(), response.headers['content-encoding']]).toEqual(['plain', 'zz']);
    expect((await failure(send('/gzip'))).code).toBe('HTTP_CONNECTION_FAILED');
  });

  it('bounds answers: announced, streamed and decompressed', async () => {
    listener = (request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': 2_000 });
      if (request.url === '/bomb') {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(20_000_000), { level: 1 }));
        return;
      }
      response.write('x'.repeat(999));
      if (request.url !== '/fits') response.write('y'.repeat(1_001));
      response.end();
    };
    const maxResponseBytes = 1_000;
    for (const path of ['/announced', '/streamed', '/bomb']) {
      const limit = path === '/bomb' ? 1_000_000 : maxResponseBytes;
      const error = await failure(send(path, { maxResponseBytes: limit }));
      expect(error).toMatchObject({ code: 'HTTP_RESPONSE_TOO_LARGE', retryable: false });
    }
    expect((await send('/fits', { maxResponseBytes })).bytes).toHaveLength(999);
  });

  it('times out while connecting, waiting and reading, telling what was sent', async () => {
    listener = (request, response) => {
      if (request.url?.startsWith('/reading')) response.write('begin');
    };
    for (const path of ['/waiting', '/reading']) {
      const error = await failure(send(`${path}?key=${CANARY}`, { timeoutMs: 50 }));
      expect(error).toMatchObject({
        code: 'HTTP_TIMEOUT',
        retryable: true,
        details: { sent: true, timeoutMs: 50 },
      });
      expect(error.message).toContain(path);
    }
    const narrow = createUndiciHttpClient({ egress: { allow: [server.host] }, connections: 1 });
    const url = `${server.origin}/waiting`;
    const both = [100, 50].map((timeoutMs) =>
      failure(narrow.send({ method: 'GET', url, timeoutMs })),
    );
    expect((await Promise.all(both)).map(({ details }) => details)).toEqual([
      { sent: true, timeoutMs: 100 },
      { sent: false, timeoutMs: 50 },
    ]);
    await narrow.close();
  });

  it("ends with the signal's own reason and sends nothing more", async () => {
    const controller = new AbortController();
    const reason = new Error('shutdown');
    listener = () => controller.abort(reason);
    await expect(send('/', { signal: controller.signal })).rejects.toBe(reason);
    await expect(send('/', { signal: controller.signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  it('reports connections that fail, without the query', async () => {
    listener = (request) => request.socket.destroy();
    const reset = await failure(
      send(`/p?key=${CANARY}`, { headers: { authorization: `Bearer ${CANARY}` } }),
    );
    expect(reset).toMatchObject({
      code: 'HTTP_CONNECTION_FAILED',
      retryable: true,
      details: { sent: true },
    });
    expect(reset.message).toContain(`GET ${server.origin}/p`);
    const gone = await serve(() => undefined);
    await gone.close();
    const open = createUndiciHttpClient({
      egress: { allow: ['127.0.0.1', 'no-such-host.invalid'] },
    });
    const refused = failure(open.send({ method: 'GET', url: gone.origin, timeoutMs: 5_000 }));
    expect(await refused).toMatchObject({ details: { reason: 'ECONNREFUSED', sent: false } });
    const url = 'http://no-such-host.invalid/';
    const unknown = failure(open.send({ method: 'GET', url, timeoutMs: 5_000 }));
    expect(await unknown).toMatchObject({
      code: 'HTTP_CONNECTION_FAILED',
      details: { sent: false },
    });
    await open.close();
    const closed = failure(open.send({ method: 'GET', url: gone.origin, timeoutMs: 5_000 }));
    expect(await closed).toMatchObject({ code: 'HTTP_CONNECTION_FAILED' });
  });

  it('survives answers that are no HTTP and bodies that end early', async () => {
    for (const answer of [
      `HTTP/9 ${CANARY}\r\n\r\n`,
      'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc',
    ]) {
      const raw = createServer((socket) => socket.once('data', () => socket.end(answer)));
      await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
      const { port } = raw.address() as AddressInfo;
      const open = createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } });
      const url = `http://127.0.0.1:${port}/`;
      const error = await failure(open.send({ method: 'GET', url, timeoutMs: 5_000 }));
      expect(error.code).toBe('HTTP_CONNECTION_FAILED');
      await open.close();
      await new Promise((resolve) => raw.close(resolve));
    }
  });

  it('refuses requests that cannot or must not be sent', async () => {
    listener = (_request, response) => response.end();
    const bad: Partial<HttpRequest>[] = [
      { method: 'GET /x HTTP/1.1\r\n' },
      { url: '/relative' },
      { headers: { 'x-a': `${CANARY}\r\nx-b: 1` } },
      { headers: { [`x a`]: '1' } },
      { headers: { Host: 'other' } },
      { headers: { 'Transfer-Encoding': 'chunked' } },
    ];
    for (const more of bad)
      expect((await failure(send('/', more))).code).toBe('HTTP_INVALID_REQUEST');
    expect(server.requests).toHaveLength(0);
  });

  it('does not quote a body that is not JSON', async () => {
    listener = (_request, response) => response.end(`{"token":"${CANARY}`);
    const response = await send('/');
    const error = await failure(Promise.resolve().then(() => response.json()));
    expect(error.code).toBe('HTTP_INVALID_JSON');
  });

  it('reads JSON with a byte order mark', async () => {
    listener = (_request, response) => response.end('\uFEFF[1]');
    expect((await send('/')).json()).toEqual([1]);
  });
});
