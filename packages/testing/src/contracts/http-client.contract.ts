import type { HttpClient, HttpRequest } from '@tenon/core';
import { startScriptedServer } from '../http/scripted-server.js';
import type { ScriptedServer } from '../http/scripted-server.js';
import { codeOf } from './persistence-suite.js';
import { describeContract } from './suite.js';
import type { Made, Skips, Suite } from './suite.js';

/** Options of {@link httpClientContract}. */
export interface HttpClientContractOptions {
  /** A client that may reach loopback addresses. */
  readonly make: () => HttpClient | Promise<HttpClient>;
  readonly skip?: Skips;
}

interface HttpClientUnderTest extends Made {
  readonly client: HttpClient;
  readonly server: ScriptedServer;
}

type HttpSuite = Suite<HttpClientUnderTest>;

function get(url: string, overrides: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, timeoutMs: 5_000, ...overrides };
}

function answerContract({ describe, it, expect }: HttpSuite): void {
  describe('answers', () => {
    it('http: every status is an answer', async ({ client, server }) => {
      for (const status of [200, 201, 204, 301, 302, 400, 401, 404, 429, 500, 503]) {
        server.enqueue({ status, headers: { location: '/elsewhere' } });
        expect((await client.send(get(server.url))).status).toBe(status);
      }
    });

    it('http: method, headers and body reach the server', async ({ client, server }) => {
      server.enqueue({}, {});
      const body = `{"text":"ä😀"}`;
      const headers = { 'content-type': 'application/json', 'X-Own': 'value' };
      const url = `${server.url}/path/to?a=1&b=%C3%A4`;
      await client.send(get(url, { method: 'POST', headers, body }));
      await client.send(get(url, { method: 'PUT', body: new TextEncoder().encode('bytes') }));
      const [post, put] = server.requests.slice(-2);
      expect(post).toMatchObject({ method: 'POST', path: '/path/to', body });
      expect(post?.headers).toMatchObject({ 'content-type': 'application/json', 'x-own': 'value' });
      expect(post?.query.get('b')).toBe('ä');
      expect(put).toMatchObject({ method: 'PUT', body: 'bytes' });
    });

    it('http: headers come in lower case, repeated ones joined', async ({ client, server }) => {
      server.enqueue({ headers: { 'X-Mixed-Case': 'a', 'x-many': ['1', '2'] } });
      const { headers } = await client.send(get(server.url));
      expect(headers).toMatchObject({ 'x-mixed-case': 'a', 'x-many': '1, 2' });
    });

    it('http: bodies as bytes, text and JSON', async ({ client, server }) => {
      const value = { text: 'ä😀', list: [1, null] };
      server.enqueue({ body: value }, { body: Uint8Array.of(0, 255, 128) }, { body: 'no {json' });
      const json = await client.send(get(server.url));
      expect(json.json()).toEqual(value);
      expect(json.text()).toBe(JSON.stringify(value));
      const bytes = await client.send(get(server.url));
      expect([...bytes.bytes]).toEqual([0, 255, 128]);
      const text = await client.send(get(server.url));
      expect(await codeOf(Promise.resolve().then(() => text.json()))).toBe('HTTP_INVALID_JSON');
    });

    it('http: redirects are followed only when asked', async ({ client, server }) => {
      const redirect = { status: 302, headers: { location: '/next' } };
      server.enqueue(redirect, redirect, { body: 'arrived' });
      expect((await client.send(get(server.url))).status).toBe(302);
      const followed = await client.send(get(server.url, { maxRedirects: 1 }));
      expect([followed.status, followed.text()]).toEqual([200, 'arrived']);
    });

    it('http: authorization does not follow to another origin', async ({ client, server }) => {
      const other = await startScriptedServer(() => ({ body: 'other' }));
      const headers = { authorization: 'Bearer canary' };
      try {
        server.enqueue({ status: 307, headers: { location: `${other.url}/landing` } });
        await client.send(get(server.url, { headers, maxRedirects: 2 }));
        expect(other.requests).toHaveLength(1);
        expect(other.requests[0]?.headers.authorization).toBeUndefined();
        server.enqueue({ status: 307, headers: { location: '/same' } }, {});
        await client.send(get(server.url, { headers, maxRedirects: 2 }));
        expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer canary');
      } finally {
        await other.close();
      }
    });
  });
}

function failureContract({ describe, it, expect }: HttpSuite): void {
  describe('failures', () => {
    it('http: time is limited for headers and body', async ({ client, server }) => {
      for (const answer of [{ delayMs: 3_000 }, { body: 'x', bodyDelayMs: 3_000 }]) {
        server.enqueue(answer);
        const sending = client.send(get(server.url, { timeoutMs: 150 }));
        await expect(sending).rejects.toMatchObject({ code: 'HTTP_TIMEOUT', retryable: true });
      }
    });

    it('http: lost connections are retryable', async ({ client, server }) => {
      const failed = { code: 'HTTP_CONNECTION_FAILED', retryable: true };
      for (const drop of ['before-answer', 'mid-answer'] as const) {
        server.enqueue({ drop, body: 'x'.repeat(10_000) });
        const sending = client.send(get(server.url, { method: 'POST', body: 'x' }));
        await expect(sending).rejects.toMatchObject(failed);
      }
      const gone = await startScriptedServer();
      await gone.close();
      await expect(client.send(get(gone.url))).rejects.toMatchObject(failed);
    });

    it('http: large answers are refused', async ({ client, server }) => {
      server.enqueue({ body: 'x'.repeat(10_001) }, { body: 'x'.repeat(10_000) });
      const limited = get(server.url, { maxResponseBytes: 10_000 });
      await expect(client.send(limited)).rejects.toMatchObject({
        code: 'HTTP_RESPONSE_TOO_LARGE',
      });
      expect((await client.send(limited)).bytes).toHaveLength(10_000);
    });

    it("http: an abort throws the signal's reason", async ({ client, server }) => {
      const reason = new Error('the caller gave up');
      const controller = new AbortController();
      server.enqueue({ delayMs: 3_000 });
      const sending = client.send(get(server.url, { signal: controller.signal }));
      setTimeout(() => controller.abort(reason), 50);
      await expect(sending).rejects.toBe(reason);
      const before = server.requests.length;
      const again = client.send(get(server.url, { signal: controller.signal }));
      await expect(again).rejects.toBe(reason);
      expect(server.requests).toHaveLength(before);
      server.reset();
    });

    it('http: errors name origin and path, nothing secret', async ({ client, server }) => {
      server.enqueue({ delayMs: 3_000 });
      const url = `${server.url}/named/path?key=canary-query`;
      const headers = { authorization: 'Bearer canary-header' };
      const sending = client.send(get(url, { headers, timeoutMs: 100 }));
      const error: unknown = await sending.catch((thrown: unknown) => thrown);
      const shown = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
      expect(shown).toContain(`${server.url}/named/path`);
      expect(shown).not.toContain('canary');
    });
  });
}

/** The contract of `HttpClient`. */
export function httpClientContract(name: string, options: HttpClientContractOptions): void {
  const make = async (): Promise<HttpClientUnderTest> => {
    const client = await options.make();
    const server = await startScriptedServer();
    const close = async (): Promise<void> => {
      await client.close();
      await client.close();
      await server.close();
    };
    return { client, server, close };
  };
  describeContract(`HttpClient: ${name}`, { make, skip: options.skip }, [
    answerContract,
    failureContract,
  ]);
}
