import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@tenon/core';
import { lambdaContext, type HttpEventInput } from '@tenon/testing';
import express, { type Express } from 'express';
import serverlessHttp from 'serverless-http';
import { createHttpHandler, type HttpHandlerOptions } from './create-http-handler.js';
import {
  createTestApp,
  formats,
  readAnswer,
  send,
  type Answer,
  type FormatName,
} from './http-agreement.fixture.js';
import type { HttpEvent, HttpResult } from './http-event.js';

/** What the package itself answers, without the options that this one sets for it. */
async function plainServerlessHttp(app: Express, event: HttpEvent): Promise<Answer> {
  const handler = serverlessHttp(app);
  const copy = JSON.parse(JSON.stringify(event)) as HttpEvent;
  return readAnswer((await handler(copy, lambdaContext())) as HttpResult);
}

interface Compared {
  readonly ours: unknown;
  readonly theirs: unknown;
}

async function compare(
  format: FormatName,
  input: HttpEventInput,
  setting: { readonly app?: Express; readonly options?: Partial<HttpHandlerOptions> } = {},
): Promise<{ ours: Answer; theirs: Answer }> {
  const { app = createTestApp(), options } = setting;
  const event = formats[format](input);
  const ours = await send(app, event, options);
  const theirs = await send(app, event, { ...options, engine: 'serverless-http' });
  return { ours, theirs };
}

function json(answer: Answer): Record<string, unknown> {
  return JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
}

function reporting(report: (request: express.Request) => unknown): Express {
  const app = express();
  app.use((request, response) => response.json({ seen: report(request) ?? null }));
  return app;
}

async function seen(
  format: FormatName,
  input: HttpEventInput,
  report: (request: express.Request) => unknown,
): Promise<Compared> {
  const { ours, theirs } = await compare(format, input, { app: reporting(report) });
  return { ours: json(ours)['seen'], theirs: json(theirs)['seen'] };
}

describe('the direct engine differs from serverless-http on purpose', () => {
  it('binary answers arrive whole without being configured', async () => {
    const event = formats['API Gateway v2']({ path: '/png' });
    const app = createTestApp();
    const bytes = Buffer.from([137, 80, 78, 71, 0, 255, 254]);

    expect((await send(app, event)).body).toEqual(bytes);
    expect((await plainServerlessHttp(app, event)).body).not.toEqual(bytes);
  });

  it('text that is not UTF-8 arrives whole', async () => {
    const event = formats['API Gateway v2']({ path: '/latin1' });
    const app = createTestApp();

    expect((await send(app, event)).body.toString('latin1')).toBe('é');
    expect((await plainServerlessHttp(app, event)).body.toString('latin1')).not.toBe('é');
  });

  it('a repeated response header is not sent twice to a load balancer', async () => {
    const { ours, theirs } = await compare('ALB multi-value', { path: '/vary' });

    expect(ours.headers['link']).toBe('<a>, <b>');
    expect(theirs.headers['link']).toBe('<a>, <b>, <a>, <b>');
  });

  it('several cookies reach a load balancer without multi-value headers', async () => {
    const { ours, theirs } = await compare('ALB', { path: '/cookies' });

    expect(ours.cookies).toHaveLength(3);
    expect(theirs.cookies).toHaveLength(0);
  });

  it('all values of a repeated request header of a REST API are seen', async () => {
    const values = await seen(
      'API Gateway v1',
      { headers: { 'x-custom': ['first', 'second'] } },
      (request) => request.headers['x-custom'],
    );

    expect(values).toEqual({ ours: 'first, second', theirs: 'second' });
  });

  it('of headers that may occur once the first counts, as on a server', async () => {
    const values = await seen(
      'ALB multi-value',
      { headers: { authorization: ['Bearer a', 'Bearer b'] } },
      (request) => request.headers.authorization,
    );

    expect(values).toEqual({ ours: 'Bearer a', theirs: 'Bearer a, Bearer b' });
  });

  it('a request without a body has none', async () => {
    const values = await seen('API Gateway v2', {}, (request) => ({
      length: request.headers['content-length'] ?? null,
      body: request.body === undefined ? 'undefined' : 'something',
    }));

    expect(values).toEqual({
      ours: { length: null, body: 'undefined' },
      theirs: { length: 0, body: 'something' },
    });
  });

  it('content-length counts the bytes that are there', async () => {
    const input = {
      method: 'POST',
      path: '/echo',
      body: { a: 1 },
      headers: { 'content-length': '999' },
    };
    const { ours, theirs } = await compare('API Gateway v1', input);

    expect([ours.status, theirs.status]).toEqual([200, 400]);
  });

  it('every request has an id, behind a load balancer as well', async () => {
    const values = await seen('ALB', {}, (request) => request.headers['x-request-id']);

    expect(values).toEqual({ ours: 'invocation-1', theirs: null });
  });

  it('the peer of a load balancer is the address it appended', async () => {
    const values = await seen(
      'ALB',
      { headers: { 'x-forwarded-for': 'forged, 203.0.113.9' } },
      (request) => request.ip,
    );

    expect(values).toEqual({ ours: '203.0.113.9', theirs: null });
  });

  it('a load balancer that listens without TLS is not taken for secure', async () => {
    const values = await seen(
      'ALB',
      { headers: { 'x-forwarded-proto': 'http' } },
      (request) => request.secure,
    );

    expect(values).toEqual({ ours: false, theirs: true });
  });

  it("Express's `trust proxy` decides about the address", async () => {
    const app = reporting((request) => request.ip).set('trust proxy', true);
    const { ours, theirs } = await compare(
      'API Gateway v2',
      { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' } },
      { app },
    );

    expect(json(ours)['seen']).toBe('198.51.100.1');
    expect(json(theirs)['seen']).toBe('203.0.113.7');
  });

  it('basePath is the beginning of the path, in whole segments', async () => {
    const app = reporting((request) => request.path);
    const paths = async (path: string) => {
      const { ours, theirs } = await compare(
        'API Gateway v2',
        { path },
        { app, options: { basePath: '/prod/' } },
      );
      return [json(ours)['seen'], json(theirs)['seen']];
    };

    expect(await paths('/prod/items')).toEqual(['/items', '/items']);
    expect(await paths('/prod')).toEqual(['/', '/']);
    expect(await paths('/items/prod/x')).toEqual(['/items/prod/x', '/x']);
    expect((await paths('/products'))[0]).toBe('/products');
  });

  it('a path that the gateway decoded stays one path', async () => {
    const path = '/echo/100% of a?b#c';
    const { ours, theirs } = await compare('API Gateway v2', { path });

    expect(json(ours)).toMatchObject({ params: { id: '100% of a?b#c' }, query: {} });
    expect(theirs.status).toBe(400);
  });

  it('a response that is cut off fails the invocation at once', async () => {
    const app = express();
    app.get('/cut', (_request, response) => {
      response.write('half');
      response.destroy(new Error('upstream is gone'));
    });
    const answer = await send(app, formats['API Gateway v2']({ path: '/cut' }), {
      logger: silentLogger,
    });

    expect(answer.status).toBe(500);
    expect(json(answer)['code']).toBe('INTERNAL');
  });

  it('an error after the first byte fails the invocation at once', async () => {
    const app = express();
    app.set('env', 'test');
    app.get('/late', (_request, response) => {
      response.write('half');
      throw new Error('too late for a status');
    });
    const answer = await send(app, formats['API Gateway v1']({ path: '/late' }), {
      logger: silentLogger,
    });

    expect(answer.status).toBe(500);
  });

  it('a plain listener that rejects fails its own invocation', async () => {
    const handler = createHttpHandler({
      app: () => async () => {
        await Promise.resolve();
        throw new Error('rejected');
      },
      logger: silentLogger,
    });

    const result = await handler(formats['API Gateway v2']({}), lambdaContext());

    expect(result.statusCode).toBe(500);
  });
});
