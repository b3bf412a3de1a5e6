import { describe, expect, it } from '@jest/globals';
import { testCrypto } from '@tenon/testing';
import fc from 'fast-check';

import { base64ToBytes, bytesToBase64 } from '../platform/base64-bytes.js';
import type { HttpClient, HttpRequest } from '../platform/http-client.port.js';
import { decodeUtf8, encodeUtf8 } from '../platform/utf8.js';
import { RecordedResponse } from './recorded-response.js';
import { RecordingHttpClient } from './recording-http-client.js';
import { formatRecording, parseRecording } from './recording.js';
import type { RecordedAnswer } from './recording.js';
import { Redactor } from './redactor.js';
import { ReplayHttpClient } from './replay-http-client.js';

const HEAD = { integration: 'orders', job: 'page', input: { after: null }, secretNames: [] };

function answering(answer: Partial<RecordedAnswer>): HttpClient {
  const response = new RecordedResponse({ status: 200, headers: {}, ...answer });
  return { send: () => Promise.resolve(response), close: () => Promise.resolve() };
}

function toolsOf(...secrets: readonly string[]) {
  const redactor = new Redactor(testCrypto);
  redactor.add(...secrets);
  return { redactor, crypto: testCrypto };
}

function request(method: string, url: string, rest: Partial<HttpRequest> = {}): HttpRequest {
  return { method, url, timeoutMs: 1_000, ...rest };
}

/** What is written of requests that are answered so. */
async function recorded(
  answer: Partial<RecordedAnswer>,
  requests: readonly HttpRequest[],
  tools = toolsOf(),
): Promise<string> {
  const client = new RecordingHttpClient(answering(answer), tools);
  for (const each of requests) await client.send(each);
  return formatRecording({ ...HEAD, exchanges: client.exchanges });
}

describe('bytes', () => {
  it('go to base64 and UTF-8 and back as Node has them', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = bytesToBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(base64ToBytes(text)).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...encodeUtf8(text)]).toEqual([...Buffer.from(text)]);
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
    expect(base64ToBytes('a')).toBeNull();
  });
});

describe('what is recorded', () => {
  const key = fc
    .string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
    .filter((text) => text.trim().length >= 8);

  it('never has a secret of the credential, wherever it stands', async () => {
    const encode = [
      (text: string) => text,
      (text: string) => encodeURIComponent(text),
      (text: string) => new URLSearchParams({ k: text }).toString().slice(2),
      (text: string) => JSON.stringify(text).slice(1, -1),
      (text: string) => Buffer.from(text).toString('base64'),
      (text: string) => Buffer.from(text).toString('base64url'),
    ];
    const written = fc.tuple(key, fc.constantFrom(...encode)).map(([text, how]) => ({
      text: `canary${text}`,
      shown: how(`canary${text}`),
    }));
    await fc.assert(
      fc.asyncProperty(written, async ({ text, shown }) => {
        const path = encodeURIComponent(text);
        const lines = await recorded(
          {
            headers: { 'x-echo': shown, 'set-cookie': shown },
            body: JSON.stringify({ said: { deep: [`${shown}!`, text] }, [shown]: 1 }),
          },
          [
            request('GET', `https://api.example/${path}?key=${path}&other=${path}`, {
              headers: { authorization: `Bearer ${text}`, 'x-other': shown },
            }),
            request('POST', 'https://api.example/', { body: shown }),
            request('POST', 'https://api.example/', { body: encodeUtf8(`\u0000${shown}`) }),
          ],
          toolsOf(text),
        );
        expect(lines).not.toContain('canary');
        for (const each of encode) expect(lines).not.toContain(each(text));
        expect(parseRecording(lines).exchanges).toHaveLength(3);
      }),
      { numRuns: 60 },
    );
  });

  it('has no value of a name that says that it is secret, and everything else as it was', async () => {
    const big =
      '{"id":12345678901234567890,"access_token":"canary-1","n":{"apiKeys":["canary-2"]},"nextPageToken":"p2"}';
    const lines = await recorded({ body: big, headers: { 'x-total': '3' } }, [
      request('POST', 'https://api.example/oauth?client_secret=canary-3&page_token=p1', {
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'canary-4' },
        body: 'password=canary-5&name=ada&note=Bearer%20canary-6',
      }),
    ]);
    expect(lines).not.toContain('canary');
    const [exchange] = parseRecording(lines).exchanges;
    expect(exchange?.request.url).toContain('client_secret=[secret]&page_token=p1');
    expect(exchange?.request.body).toContain('name=ada');
    expect(exchange?.response?.headers).toEqual({ 'x-total': '3' });
    expect(exchange?.response?.body).toBe(
      '{"id":12345678901234567890,"access_token":"[secret]","n":{"apiKeys":[]},"nextPageToken":"p2"}',
    );
  });

  it('finds secrets behind escapes that nobody needs, and leaves out bytes that hold one', async () => {
    const body = '{"said":"\\u0063anary-secret"}';
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('canary-secret')]);
    const tools = toolsOf('canary-secret');
    const one = await recorded({ body }, [request('GET', 'https://a.example/')], tools);
    expect(parseRecording(one).exchanges[0]?.response?.body).toBe('{"said":"[secret]"}');
    const bodyBase64 = bytes.toString('base64');
    const other = await recorded({ bodyBase64 }, [request('GET', 'https://a.example/')], tools);
    expect(parseRecording(other).exchanges[0]?.response).toEqual({ status: 200, headers: {} });
  });
});

describe('a replay', () => {
  it('answers what was answered, for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 50 }), async (said) => {
        const asked = request('PUT', 'https://api.example/things', {
          body: JSON.stringify({ said }),
        });
        const body = JSON.stringify({ heard: said });
        const lines = await recorded({ status: 201, body }, [asked]);
        const { exchanges } = parseRecording(lines);
        const response = await new ReplayHttpClient(exchanges, toolsOf()).send(asked);
        expect([response.status, response.text()]).toEqual([201, exchanges[0]?.response?.body]);
      }),
      { numRuns: 50 },
    );
  });

  it('answers in the order of then, also where another secret stands in the address', async () => {
    const url = 'https://api.example/v1/canary-key/list';
    const client = new RecordingHttpClient(answering({ body: '1' }), toolsOf('canary-key'));
    await client.send(request('GET', url));
    const second = { ...client.exchanges[0], response: { status: 200, headers: {}, body: '2' } };
    const exchanges = [...client.exchanges, second as (typeof client.exchanges)[number]];
    const replay = new ReplayHttpClient(exchanges, toolsOf());
    const here = request('GET', 'https://api.example/v1/test-key/list');
    expect([(await replay.send(here)).json(), (await replay.send(here)).json()]).toEqual([1, 2]);
    expect(replay.left).toEqual([]);
    await expect(replay.send(here)).rejects.toMatchObject({
      code: 'RECORDING_MISMATCH',
      message: expect.stringContaining('asked 2 times when it was recorded, and now once more'),
    });
  });

  it('names what is nearest to a request that was not recorded', async () => {
    const asked = request('POST', 'https://api.example/orders', { body: '{"a":1}' });
    const { exchanges } = parseRecording(await recorded({}, [asked]));
    const replay = new ReplayHttpClient(exchanges, toolsOf());
    await expect(
      replay.send(request('POST', 'https://api.example/order', { body: '{"a":1}' })),
    ).rejects.toThrow('the nearest that it has is POST https://api.example/orders');
    await expect(replay.send({ ...asked, body: '{"a":2}' })).rejects.toThrow('another body');
    const empty = new ReplayHttpClient([], toolsOf());
    await expect(empty.send(asked)).rejects.toThrow('it holds no request');
  });

  it('fails where there was no answer', async () => {
    const failing: HttpClient = {
      send: () => Promise.reject(new Error('connect canary')),
      close: () => Promise.resolve(),
    };
    const client = new RecordingHttpClient(failing, toolsOf());
    const asked = request('GET', 'https://api.example/');
    await expect(client.send(asked)).rejects.toThrow('connect canary');
    const { exchanges } = parseRecording(formatRecording({ ...HEAD, exchanges: client.exchanges }));
    await expect(new ReplayHttpClient(exchanges, toolsOf()).send(asked)).rejects.toMatchObject({
      code: 'HTTP_CONNECTION_FAILED',
      message: 'There was no answer',
    });
  });
});

describe('a recording that cannot be read', () => {
  it.each([
    ['', /line 1: it is no JSON/],
    ['[]', /line 1: it is no JSON object/],
    ['{}', /line 1: .*tenon run --record FILE/],
    ['{"tenonRecording":2}', /line 1: it has version 2, this reads 1/],
    ['{"tenonRecording":1,"secretNames":[1]}', /line 1: secretNames/],
    ['{"tenonRecording":1}\n\n{', /line 3: it is no JSON/],
    ['{"tenonRecording":1}\n{"request":{"method":"GET"}}', /line 2: request needs/],
    ['{"tenonRecording":1}\n{"request":{"method":"GET","url":"u"},"response":{}}', /line 2: resp/],
    ['{"tenonRecording":1}\n{"request":{"method":"GET","url":"u"},"response":null}', /error with/],
  ])('names the line: %s', (text, message) => {
    expect(() => parseRecording(text)).toThrow(message);
  });
});
