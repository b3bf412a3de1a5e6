import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import {
  aConnection,
  aCredential,
  recordingLogger,
  startScriptedServer,
  TestClock,
  TestIds,
  testCrypto,
} from '@tenon/testing';
import type { ScriptedServer } from '@tenon/testing';
import { z } from 'zod';
import type { AuthDefinition } from '../connector/auth.js';
import type { ApiClient } from '../connector/api-client.js';
import { defineConnector } from '../connector/connector.js';
import type { ConnectorLimits } from '../connector/connector.js';
import { EventBus } from '../event/event-bus.js';
import type { DomainEvent } from '../event/domain-event.js';
import type { HttpClient } from '../platform/http-client.port.js';
import { secret } from '../platform/secret.js';
import { AuthorizedClientFactory } from './authorized-client-factory.js';
import type { CredentialMaterial } from './credential.js';

const CANARY = 'canary-4e1f0a';

let server: ScriptedServer;
let http: HttpClient;
beforeAll(async () => {
  server = await startScriptedServer();
  http = createUndiciHttpClient({ egress: { allow: [new URL(server.url).host] } });
});
afterAll(async () => {
  await http.close();
  await server.close();
});
beforeEach(() => server.reset());

const bearer: CredentialMaterial = {
  type: 'oauth2',
  accessToken: CANARY,
  refreshToken: 'refresh',
  tokenType: 'bearer',
};
const oauth2 = (): AuthDefinition => ({
  type: 'oauth2',
  authorizationUrl: `${server.url}/authorize`,
  tokenUrl: `${server.url}/token`,
  clientId: 'client',
  scopes: [],
});

async function setUp(
  input: { auth?: AuthDefinition; material?: CredentialMaterial; limits?: ConnectorLimits } = {},
) {
  const clock = new TestClock({ autoAdvance: true });
  const persistence = createMemoryPersistence();
  const logger = recordingLogger();
  const events = new EventBus({ clock, ids: new TestIds(clock), logger });
  const seen: DomainEvent[] = [];
  events.subscribe('*', (event) => void seen.push(event));
  const connection = aConnection();
  await persistence.connections.insert(connection);
  await persistence.credentials.insert(
    aCredential({
      tenantId: connection.tenantId,
      connectionId: connection.id,
      material: secret(input.material ?? bearer),
      expiresAt: null,
    }),
  );
  const connector = defineConnector<ApiClient>({
    name: 'crm',
    display: { label: 'CRM' },
    auth: input.auth ?? oauth2(),
    baseUrl: `${server.url}/api/v1/`,
    ...(input.limits && { limits: input.limits }),
    api: (client) => client,
    identity: () => Promise.resolve({ externalId: 'acme' }),
  });
  const parts = { persistence, http, clock, crypto: testCrypto, events, logger };
  const factory = new AuthorizedClientFactory({ ...parts, random: () => 1 });
  const client = factory.create(connector, connection, { logger });
  return { clock, persistence, connection, connector, factory, client, logger, seen };
}

const failure = async (call: Promise<unknown>): Promise<Record<string, unknown>> => {
  const error: unknown = await call.then(
    () => new Error('the call did not fail'),
    (reason: unknown) => reason,
  );
  return error as Record<string, unknown>;
};

describe('a call', () => {
  it('puts base, path, query, body and credential together', async () => {
    const { client } = await setUp();
    server.enqueue({ body: { id: 7 } });
    const data = await client.post('/contacts?x=1', {
      query: { q: 'a&b=c', tags: ['x', 'y'], none: undefined, flag: true },
      headers: { Authorization: 'Bearer stolen', 'X-Trace': 't' },
      json: { name: 'Ada' },
      idempotencyKey: 'key-1',
      schema: z.object({ id: z.number() }),
    });
    expect(data).toEqual({ id: 7 });
    const [request] = server.requests;
    expect(request?.path).toBe('/api/v1/contacts');
    expect(request?.query.toString()).toBe('x=1&q=a%26b%3Dc&tags=x&tags=y&flag=true');
    expect(request?.body).toBe('{"name":"Ada"}');
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${CANARY}`,
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
      'x-trace': 't',
    });
  });

  it.each([
    [
      { type: 'api_key', placement: { in: 'header', name: 'X-Api-Key' } },
      { apiKey: 'k1' },
      'x-api-key',
      'k1',
    ],
    [
      { type: 'basic' },
      { username: 'jörg', password: 'p:w' },
      'authorization',
      `Basic ${Buffer.from('jörg:p:w').toString('base64')}`,
    ],
  ] as const)('places %j', async (auth, fields, header, value) => {
    const { client } = await setUp({ auth, material: { type: auth.type, fields } });
    server.enqueue({ body: {} });
    await client.get('/me');
    expect(server.requests[0]?.headers[header]).toBe(value);
  });

  it('places a key in the query and never names it', async () => {
    const auth = { type: 'api_key', placement: { in: 'query', name: 'key' } } as const;
    const material = { type: 'api_key', fields: { apiKey: CANARY } } as const;
    const { client, logger } = await setUp({ auth, material });
    server.enqueue({ status: 404 });
    const error = await failure(client.get('/me', { query: { secret: CANARY } }));
    expect(server.requests[0]?.query.get('key')).toBe(CANARY);
    expect(error['code']).toBe('PROVIDER_REJECTED');
    expect(JSON.stringify([error, error['message'], error['stack']])).not.toContain(CANARY);
    logger.assertNever(CANARY);
  });

  it('follows next links on its own origin and goes nowhere else', async () => {
    const { client } = await setUp();
    server.enqueue({ body: { page: 2 } });
    await expect(client.get(`${server.url}/other?cursor=2`)).resolves.toEqual({ page: 2 });
    for (const path of [
      'https://evil.example/x',
      `${server.url}@evil.example/`,
      `${server.url}.evil.example/`,
      '//evil.example/x',
      '/\\evil.example',
      '/contacts/../../admin',
      '/contacts/%2e%2e/admin',
      '..',
      'ftp://evil.example/',
      '/a#b',
      '/a\nb',
    ]) {
      expect((await failure(client.get(path)))['code']).toBe('API_PATH_REFUSED');
    }
    expect(server.requests).toHaveLength(1);
  });

  it('reads empty, text and malformed answers', async () => {
    const { client } = await setUp();
    server.enqueue({ status: 204 }, { body: 'a,b' });
    await expect(client.delete('/x')).resolves.toBeNull();
    await expect(client.get('/x.csv')).resolves.toBe('a,b');
    const json = { 'content-type': 'application/json' };
    server.enqueue({ body: `{"a": "${CANARY}`, headers: json }, { body: { id: CANARY } });
    const broken = await failure(client.get('/x'));
    expect(broken).toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE', retryable: true });
    const misfit = await failure(client.get('/x', { schema: z.object({ id: z.number() }) }));
    expect(misfit).toMatchObject({
      code: 'PROVIDER_INVALID_RESPONSE',
      retryable: false,
      details: { places: ['id'] },
    });
    expect(JSON.stringify([broken, misfit, misfit['message']])).not.toContain(CANARY);
  });

  it('answers accepted statuses and does not follow redirects', async () => {
    const { client } = await setUp();
    server.enqueue(
      { status: 422, body: { errors: ['x'] } },
      { status: 302, headers: { location: '/y' } },
    );
    const response = await client.request('POST', '/batch', { acceptStatus: [422] });
    expect(response).toMatchObject({ status: 422, data: { errors: ['x'] } });
    expect(await failure(client.get('/moved'))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      details: { status: 302 },
    });
    expect(server.requests).toHaveLength(2);
  });
});

describe('repeating', () => {
  it('waits as Retry-After says, in seconds or as a date, then goes on', async () => {
    const { client, clock, seen } = await setUp();
    const date = new Date(clock.now().getTime() + 12_000).toUTCString();
    server.enqueue(
      { status: 429, headers: { 'retry-after': '2' } },
      { status: 503, headers: { 'retry-after': date } },
      { body: { ok: 1 } },
    );
    await expect(client.post('/x', { json: {} })).resolves.toEqual({ ok: 1 });
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(12_000);
    expect(clock.monotonicMs()).toBeLessThan(14_500);
    expect(seen.map(({ type, data }) => [type, (data as { cause?: string }).cause])).toEqual([
      ['http.retried', 'rate_limit'],
      ['http.retried', 'unavailable'],
    ]);
  });

  it.each([
    ['GET', {}, 3],
    ['PUT', { json: {} }, 3],
    ['POST', { json: {} }, 1],
    ['POST', { json: {}, idempotencyKey: 'k' }, 3],
    ['PATCH', { json: {} }, 1],
  ] as const)('%s %j after an unclear outcome: %d requests', async (method, options, requests) => {
    const { client } = await setUp({ limits: { maxAttempts: 3 } });
    server.enqueue({ status: 500 }, { drop: 'mid-answer', body: 'gone' }, { status: 502 });
    const error = await failure(client.request(method, '/x', options));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true });
    expect(server.requests).toHaveLength(requests);
  });

  it('repeats a POST without key after a 401 that a refresh mended, and only once', async () => {
    const { client } = await setUp();
    server.enqueue(
      { status: 401 },
      { body: { access_token: 'fresh', expires_in: '60' } },
      { status: 401 },
    );
    expect(await failure(client.post('/x', { json: {} }))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      details: { status: 401 },
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/v1/x', '/token', '/api/v1/x']);
    expect(server.requests[2]?.headers.authorization).toBe('Bearer fresh');
    server.enqueue({ status: 401 });
    await failure(client.post('/x', { json: {} }));
    expect(server.requests.filter(({ path }) => path === '/token')).toHaveLength(1);
  });

  it('ends as rate limited when the wait is longer than the time left, so that the job is put off', async () => {
    const { client, factory, connector, connection, logger } = await setUp({
      limits: { totalTimeoutMs: 5_000 },
    });
    server.enqueue({ status: 429, headers: { 'retry-after': '60' } });
    const error = await failure(client.get('/x'));
    expect(error).toMatchObject({ code: 'PROVIDER_RATE_LIMITED', retryable: true });
    expect(error['retryAfterMs']).toBeGreaterThanOrEqual(60_000);
    // The pause holds for every client of the connection in this process, without asking the provider.
    const other = factory.create(connector, connection, { logger });
    expect(await failure(other.get('/y'))).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });
    expect(server.requests).toHaveLength(1);
  });

  it('times out per attempt', async () => {
    const { client } = await setUp({ limits: { maxAttempts: 2 } });
    server.enqueue({ delayMs: 500, body: {} }, { delayMs: 500, body: {} });
    expect(await failure(client.get('/slow', { timeoutMs: 30 }))).toMatchObject({
      code: 'PROVIDER_TIMEOUT',
    });
    expect(server.requests).toHaveLength(2);
  });

  it('stops at the signal of the client or of the call', async () => {
    const { factory, connector, connection, logger } = await setUp();
    const ofClient = new AbortController();
    const ofCall = new AbortController();
    const client = factory.create(connector, connection, { logger, signal: ofClient.signal });
    server.enqueue({ delayMs: 1_000 }, { delayMs: 1_000 });
    const first = failure(client.get('/a', { signal: ofCall.signal }));
    const second = failure(client.get('/b'));
    setTimeout(() => ofCall.abort(new Error('call')), 30);
    setTimeout(() => ofClient.abort(new Error('client')), 60);
    expect((await first)['message']).toBe('call');
    expect((await second)['message']).toBe('client');
    expect((await failure(client.get('/c')))['message']).toBe('client');
  });
});

describe('a key that the provider refuses', () => {
  it('is tried once more, then a person has to connect again', async () => {
    const auth = { type: 'api_key', placement: { in: 'header', name: 'x-api-key' } } as const;
    const { client, persistence, connection } = await setUp({
      auth,
      material: { type: 'api_key', fields: { apiKey: CANARY } },
    });
    server.enqueue({ status: 401 }, { body: {} }, { status: 401 }, { status: 401 });
    await client.get('/flaky');
    expect(await failure(client.get('/x'))).toMatchObject({
      code: 'CONNECTION_NEEDS_REAUTHORIZATION',
    });
    const stored = await persistence.connections.find(connection.tenantId, connection.id);
    expect(stored?.state).toBe('needs_reauthorization');
  });
});
