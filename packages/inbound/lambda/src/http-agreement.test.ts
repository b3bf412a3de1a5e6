import { describe, expect, it } from '@jest/globals';
import type { HttpEventInput } from '@tenon/testing';
import fc from 'fast-check';
import {
  createTestApp,
  formatNames,
  formats,
  send,
  type Answer,
  type FormatName,
} from './http-agreement.fixture.js';
import type { HttpEvent } from './http-event.js';

const cases: Record<string, HttpEventInput & { readonly only?: readonly FormatName[] }> = {
  'JSON answer': { path: '/etag' },
  'query parameters': { path: '/echo', query: { a: '1', 'b c': 'd&e=f', u: 'ü✓', plus: '1+1' } },
  'empty query parameter': { path: '/echo', query: { flag: '' } },
  'repeated query parameter': {
    path: '/echo',
    query: { tag: ['x', 'y', 'z'] },
    only: ['API Gateway v1', 'API Gateway v2', 'ALB multi-value'],
  },
  'nested query parameter': { path: '/echo', query: { 'filter[name]': 'n' } },
  'route parameter': { path: '/echo/42' },
  'encoded route parameter': { path: '/echo/a%2Fb%20c' },
  'route parameter decoded by the gateway': { path: '/echo/ü c' },
  'nested router': { path: '/nested/deep/x', query: { q: '1' } },
  'request cookies': { path: '/echo', cookies: ['a=1', 'b=two words'] },
  'custom request header': { path: '/echo', headers: { 'x-custom': 'value, with comma' } },
  'caller names the request id': { path: '/echo', headers: { 'x-request-id': 'mine' } },
  'host, protocol and security': { path: '/echo', headers: { host: 'shop.example.test:8443' } },
  'JSON body': { method: 'POST', path: '/echo', body: { a: [1, { b: 'ü' }] } },
  'form body': {
    method: 'POST',
    path: '/echo',
    body: 'a=1&b[]=2&b[]=3',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  'text body': {
    method: 'PUT',
    path: '/echo',
    body: 'plain ✓',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  },
  'Base64 body': {
    method: 'POST',
    path: '/echo',
    body: Buffer.from('{"from":"bytes"}'),
    headers: { 'content-type': 'application/json' },
  },
  'malformed JSON body': {
    method: 'POST',
    path: '/echo',
    body: '{"a":',
    headers: { 'content-type': 'application/json' },
  },
  'JSON body over the limit': { method: 'POST', path: '/echo', body: { a: 'x'.repeat(120_000) } },
  'raw body of a webhook': {
    method: 'POST',
    path: '/webhook',
    body: Buffer.from([0, 255, 1, 128, 13, 10]),
    headers: { 'content-type': 'application/octet-stream' },
  },
  'raw body beside the parsed one': { method: 'POST', path: '/verify', body: { signed: true } },
  'body piped back': {
    method: 'POST',
    path: '/pass-through',
    body: 'through ✓',
    headers: { 'content-type': 'application/x-anything' },
  },
  'text answer': { path: '/text' },
  'HTML answer': { path: '/html' },
  'answer before any parser': { path: '/raw-first' },
  'error status': { path: '/status/503' },
  '204 No Content': { path: '/empty' },
  '304 Not Modified drops the body': { path: '/not-modified' },
  'conditional request': {
    path: '/etag',
    headers: { 'if-none-match': 'W/"f-VTDcMILo0XBRnZi1zUkRBDCZLH0"' },
  },
  'relative redirect': { path: '/redirect' },
  'absolute redirect, escaped': { path: '/moved' },
  'one response cookie': { path: '/cookie', only: ['API Gateway v2', 'ALB multi-value'] },
  'several response cookies': {
    path: '/cookies',
    only: ['API Gateway v1', 'API Gateway v2', 'ALB multi-value'],
  },
  'repeated response headers': {
    path: '/vary',
    only: ['API Gateway v1', 'API Gateway v2', 'ALB'],
  },
  'binary answer': { path: '/png' },
  'writeHead with reason and chunks': { path: '/write-head' },
  'numeric response header': { path: '/number-header' },
  'piped stream': { path: '/stream' },
  'stream pipeline': { path: '/pipeline' },
  'compressed answer': { path: '/gzip' },
  'HEAD of a route': { method: 'HEAD', path: '/etag' },
  'HEAD of a stream': { method: 'HEAD', path: '/stream' },
  OPTIONS: { method: 'OPTIONS', path: '/etag' },
  'no such route': { path: '/nowhere' },
  'no such method': { method: 'DELETE', path: '/text' },
  'thrown error': { path: '/throw' },
  'rejected promise with a status': { path: '/reject' },
  'error handled by middleware': { path: '/handled' },
};

/** Stack traces differ in the frames of the engine. */
function comparable(answer: Answer): unknown {
  const html = answer.headers['content-security-policy'] === "default-src 'none'";
  const body = answer.body.toString('utf8');
  const { 'content-length': length, ...headers } = answer.headers;
  return {
    status: answer.status,
    headers: html ? headers : answer.headers,
    hasLength: length !== undefined,
    cookies: answer.cookies,
    body: html
      ? body.replace(/<pre>(.*?)(?:<br>[^]*)?<\/pre>/, '<pre>$1</pre>')
      : answer.body.toString('latin1'),
  };
}

async function both(event: HttpEvent): Promise<{ ours: Answer; theirs: Answer }> {
  const app = createTestApp();
  const ours = await send(app, event);
  const theirs = await send(app, event, { engine: 'serverless-http' });
  return { ours, theirs };
}

describe('the direct engine agrees with serverless-http', () => {
  for (const [name, { only = formatNames, ...input }] of Object.entries(cases)) {
    it.each(only)(`${name}, %s`, async (format) => {
      const { ours, theirs } = await both(formats[format](input));

      expect(comparable(ours)).toEqual(comparable(theirs));
    });
  }

  it('with a cookie of a REST API, where one engine says it in a list and the other does not', async () => {
    const { ours, theirs } = await both(formats['API Gateway v1']({ path: '/cookie' }));

    expect(comparable(ours)).toEqual(comparable(theirs));
  });

  it('whatever is in header, query and body', async () => {
    const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
    const value = fc.stringMatching(/^[!-~](?:[ -~]{0,30}[!-~])?$/);
    const request = fc.record({
      format: fc.constantFrom(...formatNames),
      query: fc.dictionary(token, fc.string({ unit: 'grapheme' }), { maxKeys: 4 }),
      custom: value,
      accept: value,
      cookies: fc.array(fc.stringMatching(/^[a-z]+=[!#-+\--:<-[\]-~]*$/), { maxLength: 3 }),
      body: fc.dictionary(token, fc.jsonValue()),
      bytes: fc.boolean(),
    });
    const app = createTestApp();
    await fc.assert(
      fc.asyncProperty(request, async ({ format, query, custom, accept, cookies, body, bytes }) => {
        const json = JSON.stringify(body);
        const event = formats[format]({
          method: 'POST',
          path: '/echo',
          query,
          headers: { 'x-custom': custom, accept, 'content-type': 'application/json' },
          ...(cookies.length > 0 && { cookies }),
          body: bytes ? Buffer.from(json) : json,
        });
        const ours = await send(app, event);
        const theirs = await send(app, event, { engine: 'serverless-http' });

        expect(ours.status).toBe(200);
        expect(comparable(ours)).toEqual(comparable(theirs));
        expect(JSON.parse(ours.body.toString('utf8'))).toMatchObject({
          custom,
          accept,
          body: JSON.parse(json) as unknown,
        });
      }),
      { numRuns: 150 },
    );
  });
});
