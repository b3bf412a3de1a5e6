import {
  albEvent,
  apiGatewayV1Event,
  apiGatewayV2Event,
  lambdaContext,
  type HttpEventInput,
} from '@tenon/testing';
import express, { type Express, type Request, type Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createHttpHandler, type HttpHandlerOptions } from './create-http-handler.js';
import type { HttpListener } from './http-engine.js';
import type { HttpEvent, HttpResult } from './http-event.js';

/** Every way an HTTP request reaches a function. */
export const formats = {
  'API Gateway v1': apiGatewayV1Event,
  'API Gateway v2': apiGatewayV2Event,
  ALB: albEvent,
  'ALB multi-value': (input: HttpEventInput) => albEvent({ ...input, multiValue: true }),
} satisfies Record<string, (input: HttpEventInput) => HttpEvent>;

export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as FormatName[];

/** An answer, spelled the same whatever the gateway. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** Undoes the spelling of the gateway, as the gateway would. */
export function readAnswer(result: HttpResult): Answer {
  const headers: Record<string, string> = {};
  const cookies = [...(result.cookies ?? [])];
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    if (name.toLowerCase() === 'set-cookie') cookies.push(value);
    else headers[name.toLowerCase()] = value;
  }
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) {
    if (name.toLowerCase() === 'set-cookie') cookies.push(...values);
    else headers[name.toLowerCase()] = values.join(', ');
  }
  const body = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
  return { status: result.statusCode, headers, cookies, body };
}

/** Sends one request to `app` through one of the engines. */
export async function send(
  app: HttpListener,
  event: HttpEvent,
  options: Partial<HttpHandlerOptions> = {},
): Promise<Answer> {
  const handler = createHttpHandler({ app: () => app, ...options });
  // The other engine writes into events.
  const copy = JSON.parse(JSON.stringify(event)) as HttpEvent;
  return readAnswer(await handler(copy, lambdaContext()));
}

function echo(request: Request, response: Response): void {
  response.json({
    method: request.method,
    path: decodeURI(request.path),
    query: request.query,
    params: request.params,
    cookie: request.headers.cookie ?? null,
    accept: request.headers.accept ?? null,
    custom: request.headers['x-custom'] ?? null,
    requestId: request.headers['x-request-id'] === 'mine',
    host: request.hostname,
    protocol: request.protocol,
    secure: request.secure,
    ...(request.method !== 'GET' && { body: request.body as unknown }),
  });
}

function addAnswers(app: Express): void {
  app.get('/text', (_request, response) => response.type('text').send('hello ✓'));
  app.get('/html', (_request, response) => response.send('<p>ünïcode</p>'));
  app.get('/status/:code', (request, response) => response.sendStatus(Number(request.params.code)));
  app.get('/empty', (_request, response) => response.status(204).end());
  app.get('/not-modified', (_request, response) => response.status(304).end('ignored'));
  app.get('/redirect', (_request, response) => response.redirect('/elsewhere?x=1'));
  app.get('/moved', (_request, response) => response.redirect(301, 'https://example.test/ü'));
  app.get('/cookie', (_request, response) =>
    response.cookie('a', '1', { httpOnly: true }).end('c'),
  );
  app.get('/cookies', (_request, response) => {
    response.cookie('a', '1').cookie('b', '2, and more').clearCookie('c').json({});
  });
  app.get('/vary', (_request, response) => {
    response.vary('accept').vary('origin').append('link', '<a>').append('link', '<b>').end('v');
  });
  app.get('/write-head', (_request, response) => {
    response.writeHead(201, 'Made', { 'x-made': 'yes', 'content-type': 'text/plain' });
    response.write('one ');
    response.write(Buffer.from('two '));
    response.end('three');
  });
  app.get('/latin1', (_request, response) => {
    response.setHeader('content-type', 'text/plain; charset=latin1');
    response.end('é', 'latin1');
  });
  app.get('/png', (_request, response) => {
    response.type('png').send(Buffer.from([137, 80, 78, 71, 0, 255, 254]));
  });
  app.get('/number-header', (_request, response) => response.setHeader('x-count', 7).end());
  app.get('/etag', (_request, response) => response.json({ stable: true }));
}

function addStreams(app: Express): void {
  app.get('/stream', (_request, response) => {
    response.type('text');
    Readable.from(['a', 'b', 'ç', 'd']).pipe(response);
  });
  app.get('/pipeline', async (_request, response) => {
    response.type('text');
    await pipeline(Readable.from([Buffer.from('from '), Buffer.from('pipeline')]), response);
  });
  app.get('/gzip', (_request, response) => {
    response.set({ 'content-encoding': 'gzip', 'content-type': 'application/json' });
    Readable.from([JSON.stringify({ packed: 'x'.repeat(500) })])
      .pipe(createGzip())
      .pipe(response);
  });
  app.post('/pass-through', (request, response) => {
    response.type('application/octet-stream');
    request.pipe(response);
  });
}

function addFailures(app: Express): void {
  app.get('/throw', () => {
    throw new Error('thrown');
  });
  app.get('/reject', async () => {
    await Promise.resolve();
    throw Object.assign(new Error('rejected'), { status: 418, expose: true });
  });
  app.get('/handled', () => {
    throw Object.assign(new Error('handled'), { handled: true });
  });
}

// eslint-disable-next-line @typescript-eslint/max-params -- Express knows error handlers by their four parameters.
function answerHandledErrors(
  error: Error & { readonly handled?: boolean },
  _request: Request,
  response: Response,
  next: (error: Error) => void,
): void {
  if (error.handled === true) response.status(422).json({ problem: error.message });
  else next(error);
}

/** An app that uses what apps use. */
export function createTestApp(): Express {
  const app = express();
  app.set('env', 'test');
  app.get('/raw-first', (_request, response) => response.end('before any parser'));
  app.post('/webhook', express.raw({ type: '*/*' }), (request, response) => {
    const bytes = request.body as Buffer;
    response.json({ raw: bytes.toString('hex'), length: request.headers['content-length'] });
  });
  app.use(
    express.json({
      verify: (request, _response, bytes) => {
        Object.assign(request, { rawBody: Buffer.from(bytes) });
      },
    }),
  );
  app.post('/verify', (request, response) => {
    const { rawBody } = request as Request & { rawBody?: Buffer };
    response.json({ raw: rawBody?.toString('utf8') ?? null, parsed: request.body as unknown });
  });
  app.use(express.urlencoded({ extended: true }));
  app.use(express.text());
  addAnswers(app);
  addStreams(app);
  addFailures(app);
  app.all('/echo{/:id}', echo);
  const nested = express.Router();
  nested.get('/deep/:name', (request, response) => {
    response.json({ base: request.baseUrl, original: request.originalUrl, p: request.params.name });
  });
  app.use('/nested', nested);
  app.use(answerHandledErrors);
  return app;
}
